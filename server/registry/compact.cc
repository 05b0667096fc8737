#include "server/registry/kept.h"
#include "server/registry/walk.h"

namespace server::registry {

using sigstore::Result;

namespace {

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

}  // namespace

Result<void> compact(const sigstore::Env& env, const std::string& folder, Index& index) {
  const std::int64_t now = seconds_now(*env.clock);
  TRY(auto file, env.files->create(journal_path(folder), 0644));
  NewJournal journal(std::move(file));
  const std::string id = new_journal_id(*env.random);
  const auto add = [&](Change change) { return journal.add(std::move(change)); };
  const auto repository = [&](const std::string& name) -> Result<std::string> {
    TRY_OK(for_all_changes(index, name, now, add));
    return name;
  };
  TRY(const Position before, index.position());
  TRY_OK(journal.add(JournalHeader{id, before.journal}));
  TRY_OK(for_all([&](const Page& page) { return index.repositories(page); }, repository));
  TRY_OK(journal.add(JournalMark{}));
  TRY_OK(journal.commit());
  // Killed before this: the index belongs to another journal and is made anew.
  TRY(auto transaction, host::Transaction::begin(index.database()));
  TRY_OK(index.forget_empty_repositories());
  TRY_OK(index.set_position({id, journal.end()}));
  return transaction.commit();
}

}  // namespace server::registry
