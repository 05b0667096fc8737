// Makes changes durable, then visible: the journal first, the index after it. Those that come while others
// are being written go together, with one sync for all. Thread-safe.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "server/registry/index_pool.h"
#include "server/registry/journal.h"

namespace server::registry {

class Writer {
 public:
  // Looks at the index as it will be, all earlier changes made, and says what is to change: nothing, when
  // `changes` stays empty. False: it is not to be, and nothing changes. Called in any thread, one at a time.
  using Work = std::function<sigstore::Result<bool>(Index& index, std::vector<Change>& changes)>;

  // Without a journal nothing is kept. `pool` outlives it; `journal_id` is the journal's.
  Writer(IndexPool& pool, std::optional<Journal> journal, std::string journal_id)
      : pool_(pool), journal_(std::move(journal)), journal_id_(std::move(journal_id)) {}

  // What `work` says, once its changes are on the disk and visible. Errors: those of `work`, and disk_full,
  // io: then nothing has changed.
  sigstore::Result<bool> run(const Work& work);

 private:
  struct Waiting {
    const Work* work;
    sigstore::Result<bool> result = false;
    bool done = false;
  };
  void write(const std::vector<Waiting*>& group);
  sigstore::Result<void> write_all(const std::vector<Waiting*>& group, Index& index);
  sigstore::Result<void> make_durable(const std::vector<Change>& changes, Index& index);
  sigstore::Result<void> take_back();

  IndexPool& pool_;
  std::optional<Journal> journal_;
  const std::string journal_id_;
  bool broken_ = false;  // what the journal ends with is not known any more

  std::mutex mutex_;
  std::condition_variable ended_;
  std::vector<Waiting*> queue_;
  bool busy_ = false;
};

}  // namespace server::registry
