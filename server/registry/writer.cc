#include "server/registry/writer.h"

namespace server::registry {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

// The first to come writes for all who came meanwhile.
Result<bool> Writer::run(const Work& work) {
  Waiting mine{.work = &work};
  std::unique_lock lock(mutex_);
  queue_.push_back(&mine);
  ended_.wait(lock, [&] { return mine.done || !busy_; });
  if (mine.done) return std::move(mine.result);
  busy_ = true;
  const std::vector<Waiting*> group = std::exchange(queue_, {});
  lock.unlock();
  write(group);
  lock.lock();
  for (Waiting* waiting : group) waiting->done = true;
  busy_ = false;
  lock.unlock();
  ended_.notify_all();
  return std::move(mine.result);
}

void Writer::write(const std::vector<Waiting*>& group) {
  auto index = pool_.borrow();
  const auto written = index ? write_all(group, **index) : std::unexpected(index.error());
  if (written) return;
  for (Waiting* waiting : group)
    if (waiting->result) waiting->result = std::unexpected(written.error());
}

// One that fails by itself changes nothing, and is no error of the others.
Result<void> Writer::write_all(const std::vector<Waiting*>& group, Index& index) {
  if (broken_) return fail(Code::io, "the journal could not be written and is closed", {}, "start it again");
  TRY(auto transaction, host::Transaction::begin(index.database()));
  std::vector<Change> all;
  for (Waiting* waiting : group) {
    std::vector<Change> changes;
    waiting->result = (*waiting->work)(index, changes);
    for (const Change& change : changes) {
      if (!waiting->result) break;
      if (auto line = write_line({0, change}); !line) waiting->result = std::unexpected(line.error());
    }
    if (!waiting->result) continue;
    for (const Change& change : changes) TRY_OK(index.apply(change));
    std::ranges::move(changes, std::back_inserter(all));
  }
  if (all.empty()) return {};
  TRY_OK(make_durable(all, index));
  if (auto committed = transaction.commit(); !committed) {
    TRY_OK(take_back());
    return committed;
  }
  return {};
}

Result<void> Writer::make_durable(const std::vector<Change>& changes, Index& index) {
  if (!journal_) return {};
  const std::uint64_t before = journal_->end();
  if (auto appended = journal_->append(changes); !appended) {
    broken_ = journal_->end() != before;
    return appended;
  }
  if (auto moved = index.set_position({journal_id_, journal_->end()}); !moved) {
    TRY_OK(take_back());
    return moved;
  }
  return {};
}

// Nobody was told of it yet.
Result<void> Writer::take_back() {
  if (!journal_) return {};
  auto taken = journal_->take_back();
  broken_ = !taken;
  return taken;
}

}  // namespace server::registry
