#include "server/registry/check.h"

#include <algorithm>

#include "server/registry/check_entries.h"
#include "server/registry/kept.h"
#include "server/registry/salvage.h"
#include "sigstore/base/stream.h"
#include "sigstore/content/folder.h"

namespace server::registry {

using sigstore::Code;
using sigstore::Env;
using sigstore::fail;
using sigstore::Files;
using sigstore::Result;
using sigstore::oci::Digest;

namespace {

// What is put aside gets a name of its own.
std::string free_name(Files& files, const std::string& path) {
  std::string name = path;
  for (int n = 1; files.exists(name); ++n) name = path + "." + std::to_string(n);
  return name;
}

Result<void> copy_file(Files& files, const std::string& from, const std::string& to) {
  TRY(const auto source, files.open(from));
  TRY(const auto target, files.create(to, 0644));
  TRY_OK(sigstore::copy_stream(*source, [&](sigstore::BytesView piece) { return target->write(piece); }));
  return target->commit();
}

class Repair {
 public:
  Repair(const Env& env, const std::string& folder) : env_(env), files_(*env.files), folder_(folder) {}

  // Whoever is killed in between runs it again: content goes first, and what names it is then found lost.
  Result<void> run(Salvaged& salvaged, const std::vector<Digest>& damaged,
                   const std::vector<Change>& changes) {
    for (const Digest& digest : damaged) TRY_OK(put_aside(digest));
    if (salvaged.journal_is_damaged && files_.exists(journal_path(folder_))) {
      TRY_OK(files_.make_directories(folder_ + "/damaged"));
      TRY_OK(copy_file(files_, journal_path(folder_), free_name(files_, folder_ + "/damaged/journal")));
    }
    TRY_OK(apply(*salvaged.index, changes));
    TRY_OK(compact(env_, folder_, *salvaged.index));
    TRY_OK(remove_database(files_, database_path(folder_)));
    TRY_OK(open_kept(env_, folder_, database_path(folder_)));
    return {};
  }

 private:
  Result<void> put_aside(const Digest& digest) {
    TRY_OK(files_.make_directories(folder_ + "/damaged"));
    const std::string name = std::string(digest.algorithm()) + "-" + std::string(digest.hex());
    return files_.rename(folder_ + "/" + sigstore::content::blob_path(digest),
                         free_name(files_, folder_ + "/damaged/" + name));
  }

  static Result<void> apply(Index& index, const std::vector<Change>& changes) {
    TRY(auto transaction, host::Transaction::begin(index.database()));
    for (const Change& change : changes) TRY_OK(index.apply(change));
    return transaction.commit();
  }

  const Env& env_;
  Files& files_;
  const std::string& folder_;
};

}  // namespace

bool CheckReport::is_well() const {
  if (!repaired) return findings.empty();
  return std::ranges::none_of(findings, [](const Finding& finding) { return finding.lost; });
}

Result<CheckReport> check(const Env& env, const std::string& folder, const CheckOptions& options) {
  if (!env.files->is_directory(folder)) return fail(Code::not_found, "there is no folder " + folder);
  TRY_OK(refuse_earlier_format(*env.files, folder));
  CheckReport report;
  TRY(Salvaged salvaged, salvage(*env.files, folder));
  report.findings = std::move(salvaged.findings);
  const auto content = sigstore::content::make_folder(*env.files, nullptr, folder);
  TRY(const auto checked, CheckedContent::run(*content, options));
  report.contents = checked.count();
  report.bytes = checked.bytes();
  checked.report(report.findings);
  EntryCheck entries(*salvaged.index, *content, checked, salvaged.journal_is_damaged, report);
  TRY_OK(entries.run());
  if (!options.repair) return report;
  TRY_OK(Repair(env, folder).run(salvaged, checked.damaged(), entries.changes()));
  report.repaired = true;
  return report;
}

}  // namespace server::registry
