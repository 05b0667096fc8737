#include "server/registry/salvage.h"

#include <algorithm>

#include "server/registry/journal.h"
#include "server/registry/kept.h"
#include "server/registry/walk.h"

namespace server::registry {

using sigstore::Code;
using sigstore::Files;
using sigstore::Result;

namespace {

constexpr std::size_t most_findings = 100;  // bad lines that are listed one by one

// What stands in a journal, good or bad.
struct Survey {
  bool there = false;
  std::string id, replaces;       // empty: its first line is bad
  std::uint64_t end = 0;          // of what counts
  std::vector<JournalPiece> bad;  // what was acknowledged once
};

Result<Survey> survey(Files& files, const std::string& path) {
  Survey found;
  if (!files.exists(path)) return found;
  found.there = true;
  TRY(JournalReader reader, JournalReader::open(files, path));
  std::uint64_t acknowledged = 0;
  std::vector<JournalPiece> bad;
  for (;;) {
    TRY(auto piece, reader.next());
    if (!piece) break;
    if (!piece->line) {
      bad.push_back(std::move(*piece));
      continue;
    }
    acknowledged = std::max(acknowledged, piece->line->group);
    found.end = piece->end;
    if (const auto* header = std::get_if<JournalHeader>(&piece->line->content)) {
      found.id = header->id;
      found.replaces = header->replaces;
    }
  }
  for (JournalPiece& piece : bad) {
    if (piece.begin < acknowledged)
      found.bad.push_back(std::move(piece));
    else
      found.end = std::min(found.end, piece.begin);  // torn: this and what follows never counted
  }
  return found;
}

Finding about_journal(std::string where, std::string what, bool lost) {
  return {Finding::Kind::journal, std::move(where), std::move(what), lost};
}

Finding about_database(std::string what) {
  return {Finding::Kind::database, "registry.db", std::move(what), false};
}

// The database where it is, when it can be believed.
struct Known {
  std::unique_ptr<Index> index;  // null: it is not there, or useless
  Position position;
};

Known open_known(Files& files, const std::string& path, const Survey& journal, Findings& findings) {
  if (!files.exists(path)) return {};
  auto index = Index::open(path);
  if (index) {
    if (auto checked = (*index)->database().check(); !checked) index = std::unexpected(checked.error());
  }
  if (!index) {
    findings.push_back(about_database(index.error().text()));
    return {};
  }
  const auto position = (*index)->position();
  if (!position || *position == Position{}) return {};
  if (!journal.id.empty() && position->journal != journal.id) {
    if (position->journal != journal.replaces)  // else somebody was killed while the journal was written anew
      findings.push_back(about_database("it belongs to another journal"));
    return {};
  }
  return {std::move(*index), *position};
}

// The first repository about which two indexes do not agree; empty: none. One without anything in it is none.
class Comparison {
 public:
  Comparison(Index& a, Index& b) : a_(a), b_(b) {}
  Result<std::string> difference() {
    std::string found;
    const auto repository = [&](const std::string& name) -> Result<std::string> {
      TRY(const bool same, agree(name));
      if (!same && found.empty()) found = name;
      return name;
    };
    TRY_OK(for_all([&](const Page& page) { return a_.repositories(page); }, repository));
    TRY_OK(for_all([&](const Page& page) { return b_.repositories(page); }, repository));
    return found;
  }

 private:
  Result<bool> agree(const std::string& name) {
    TRY(const bool blobs, same([&](Index& index, const Page& page) { return index.blob_rows(name, page); },
                               [](const BlobRow& row) { return row.digest.text(); }));
    TRY(const bool manifests,
        same([&](Index& index, const Page& page) { return index.manifest_rows(name, page); },
             [](const ManifestRow& row) { return row.entry.descriptor.digest.text(); }));
    TRY(const bool tags, same([&](Index& index, const Page& page) { return index.tag_rows(name, page); },
                              [](const TagRow& row) { return row.tag; }));
    return blobs && manifests && tags;
  }
  template <typename Rows, typename Name>
  Result<bool> same(const Rows& rows, const Name& name) {
    for (Page page{.limit = 1000};;) {
      TRY(const auto left, rows(a_, page));
      TRY(const auto right, rows(b_, page));
      if (left != right) return false;
      if (left.size() < page.limit) return true;
      page.last = name(left.back());
    }
  }

  Index& a_;
  Index& b_;
};

class Salvage {
 public:
  Salvage(Files& files, const std::string& folder)
      : files_(files), path_(journal_path(folder)), folder_(folder) {}

  Result<Salvaged> run() {
    TRY(journal_, survey(files_, path_));
    known_ = open_known(files_, database_path(folder_), journal_, salvaged_.findings);
    TRY(salvaged_.index, Index::open(""));
    const bool cut = known_.index && known_.position.end > journal_.end;
    salvaged_.journal_is_damaged = !journal_.there || journal_.id.empty() || !journal_.bad.empty() || cut;
    TRY(auto transaction, host::Transaction::begin(salvaged_.index->database()));
    TRY_OK(salvaged_.journal_is_damaged ? from_both(cut) : from_journal());
    TRY_OK(salvaged_.index->set_position({journal_.id, journal_.end}));
    TRY_OK(transaction.commit());
    return std::move(salvaged_);
  }

 private:
  Result<void> apply_from(std::uint64_t from, const std::function<Result<void>(std::uint64_t)>& before) {
    if (!journal_.there || from > journal_.end) return {};
    TRY(JournalReader reader, JournalReader::open(files_, path_, from));
    for (;;) {
      TRY(const auto piece, reader.next());
      if (!piece || piece->end > journal_.end) return {};
      TRY_OK(before(piece->end));
      if (!piece->line) continue;
      if (const auto* change = std::get_if<Change>(&piece->line->content))
        TRY_OK(salvaged_.index->apply(*change));
    }
  }

  // The journal says all. On the way the database is looked at, where it stands.
  Result<void> from_journal() {
    bool compared = !known_.index;
    const auto look = [&](std::uint64_t end) -> Result<void> {
      if (compared || end <= known_.position.end) return {};
      compared = true;
      return compare();
    };
    TRY_OK(apply_from(0, look));
    return compared ? Result<void>{} : compare();
  }

  Result<void> compare() {
    auto found = Comparison(*known_.index, *salvaged_.index).difference();
    if (!found)
      salvaged_.findings.push_back(about_database(found.error().text()));
    else if (!found->empty())
      salvaged_.findings.push_back(about_database("it is not what the journal says about " + *found));
    return {};
  }

  // The database, then what came after it.
  Result<void> from_both(bool cut) {
    const std::uint64_t known = known_.index ? known_.position.end : 0;
    if (!journal_.there) {
      add(about_journal("journal", "it is gone", !known_.index));
    } else if (cut) {
      add(about_journal("journal", "it lacks its end", false));
    } else if (journal_.id.empty()) {
      add(about_journal("journal", "its first line is damaged", false));
    }
    for (const JournalPiece& piece : journal_.bad)
      if (piece.begin > 0)
        add(about_journal("journal, byte " + std::to_string(piece.begin), piece.line.error().text(),
                          piece.end > known));
    if (known_.index) TRY_OK(copy_known());
    return apply_from(known, [](std::uint64_t) { return Result<void>{}; });
  }

  void add(Finding finding) {
    if (salvaged_.findings.size() < most_findings || finding.lost)
      salvaged_.findings.push_back(std::move(finding));
  }

  Result<void> copy_known() {
    const auto apply = [&](const Change& change) { return salvaged_.index->apply(change); };
    const auto repository = [&](const std::string& name) -> Result<std::string> {
      TRY_OK(for_all_changes(*known_.index, name, 0, apply));
      return name;
    };
    return for_all([&](const Page& page) { return known_.index->repositories(page); }, repository);
  }

  Files& files_;
  const std::string path_;
  const std::string& folder_;
  Survey journal_;
  Known known_;
  Salvaged salvaged_;
};

}  // namespace

Result<Salvaged> salvage(Files& files, const std::string& folder) {
  return Salvage(files, folder).run();
}

}  // namespace server::registry
