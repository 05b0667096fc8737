#include "server/registry/kept.h"
#include "sigstore/codec/hex.h"

namespace server::registry {

using sigstore::Result;

namespace {

constexpr std::size_t rows_at_once = 1000;

// A journal that is not there yet under its name. Every line is a group of its own: all are on the disk
// before anybody reads one.
class NewJournal {
 public:
  explicit NewJournal(std::unique_ptr<sigstore::AtomicFile> file) : file_(std::move(file)) {}
  template <typename Content>
  Result<void> add(Content content) {
    TRY(const std::string line, write_line({end_, std::move(content)}));
    end_ += line.size();
    return file_->write(sigstore::as_bytes(line));
  }
  Result<void> commit() { return file_->commit(); }
  [[nodiscard]] std::uint64_t end() const { return end_; }

 private:
  std::unique_ptr<sigstore::AtomicFile> file_;
  std::uint64_t end_ = 0;
};

// Calls `next(page)` for the rows behind the last, until there are none, and `each(row)`, which says its
// name.
template <typename Next, typename Each>
Result<void> for_all(const Next& next, const Each& each) {
  for (Page page{.limit = rows_at_once};;) {
    TRY(const auto rows, next(page));
    for (const auto& row : rows) {
      TRY(page.last, each(row));
    }
    if (rows.size() < page.limit) return {};
  }
}

Result<void> add_repository(NewJournal& journal, Index& index, const std::string& name, std::int64_t now) {
  using Kind = Change::Kind;
  const auto blob = [&](const BlobRow& row) -> Result<std::string> {
    TRY_OK(journal.add(Change{Kind::add_blob, name, row.time, row.digest}));
    return row.digest.text();
  };
  const auto manifest = [&](const ManifestRow& row) -> Result<std::string> {
    TRY_OK(journal.add(Change{Kind::put_manifest, name, row.time, {}, row.entry}));
    return row.entry.descriptor.digest.text();
  };
  const auto tag = [&](const TagRow& row) -> Result<std::string> {
    TRY_OK(journal.add(Change{Kind::put_tag, name, now, row.digest, {}, {row.tag}}));
    return row.tag;
  };
  TRY_OK(for_all([&](const Page& page) { return index.blob_rows(name, page); }, blob));
  TRY_OK(for_all([&](const Page& page) { return index.manifest_rows(name, page); }, manifest));
  return for_all([&](const Page& page) { return index.tag_rows(name, page); }, tag);
}

}  // namespace

Result<void> compact(const sigstore::Env& env, const std::string& folder, Index& index) {
  const std::int64_t now = seconds_now(*env.clock);
  TRY(auto file, env.files->create(journal_path(folder), 0644));
  NewJournal journal(std::move(file));
  const std::string id = new_journal_id(*env.random);
  const auto repository = [&](const std::string& name) -> Result<std::string> {
    TRY_OK(add_repository(journal, index, name, now));
    return name;
  };
  TRY_OK(journal.add(JournalHeader{id}));
  TRY_OK(for_all([&](const Page& page) { return index.repositories(page); }, repository));
  TRY_OK(journal.add(JournalMark{}));
  TRY_OK(journal.commit());
  // Killed before this: the index belongs to another journal and is made anew.
  return index.set_position({id, journal.end()});
}

}  // namespace server::registry
