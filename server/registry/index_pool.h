// Connections to one index, for many threads: whoever asks borrows one. Thread-safe.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/registry/index.h"

namespace server::registry {

class IndexPool {
 public:
  // Gives the connection back when it dies. The pool outlives it.
  class Loan {
   public:
    Loan(IndexPool& pool, std::unique_ptr<Index> index) : pool_(&pool), index_(std::move(index)) {}
    Loan(Loan&&) noexcept = default;
    Loan& operator=(Loan&&) = delete;
    ~Loan() {
      if (index_) pool_->give_back(std::move(index_));
    }
    Index* operator->() const { return index_.get(); }
    Index& operator*() const { return *index_; }

   private:
    IndexPool* pool_;
    std::unique_ptr<Index> index_;
  };

  // Further connections to `path` are opened as they are needed, up to `most` in all.
  IndexPool(std::unique_ptr<Index> first, std::string path, std::size_t most);

  // Waits for one when all are lent. Errors of Index::open.
  sigstore::Result<Loan> borrow();

 private:
  void give_back(std::unique_ptr<Index> index);

  const std::string path_;
  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable given_back_;
  std::vector<std::unique_ptr<Index>> idle_;
  std::size_t open_ = 1;
};

}  // namespace server::registry
