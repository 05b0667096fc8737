#include "server/registry/index_pool.h"

namespace server::registry {

using sigstore::Result;

IndexPool::IndexPool(std::unique_ptr<Index> first, std::string path, std::size_t most)
    : path_(std::move(path)), most_(most) {
  idle_.push_back(std::move(first));
}

Result<IndexPool::Loan> IndexPool::borrow() {
  std::unique_lock lock(mutex_);
  if (idle_.empty() && open_ < most_) {
    ++open_;
    lock.unlock();
    auto opened = Index::open(path_);
    if (opened) return Loan(*this, *std::move(opened));
    lock.lock();
    --open_;
    return std::unexpected(std::move(opened).error());
  }
  given_back_.wait(lock, [&] { return !idle_.empty(); });
  auto index = std::move(idle_.back());
  idle_.pop_back();
  return Loan(*this, std::move(index));
}

void IndexPool::give_back(std::unique_ptr<Index> index) {
  {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(index));
  }
  given_back_.notify_one();
}

}  // namespace server::registry
