#include "sigstore/base/pushed_reader.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace sigstore {
namespace {

constexpr auto patience = std::chrono::milliseconds(100);

class PushedReader final : public FileReader {
 public:
  PushedReader(std::function<Result<void>(const ByteSink&)> produce, std::size_t window)
      : ring_(window), thread_([this, produce = std::move(produce)] { run(produce); }) {}
  ~PushedReader() override {
    {
      const std::lock_guard lock(mutex_);
      abandoned_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  // Waits a moment for as much as there is room for, so that the two do not wake each other for each piece.
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    std::unique_lock lock(mutex_);
    wanted_ = std::min(out.size(), ring_.size() / 2);
    changed_.wait_for(lock, patience, [&] { return used_ >= wanted_ || end_; });
    wanted_ = 1;
    changed_.wait(lock, [&] { return used_ > 0 || end_; });
    if (used_ == 0 && !*end_) return fail(end_->error());
    const std::size_t count = std::min(out.size(), used_);
    lock.unlock();  // what is used is not written to
    for (std::size_t done = 0; done < count;) {
      const std::size_t piece = std::min(count - done, ring_.size() - first_);
      std::copy_n(ring_.begin() + static_cast<std::ptrdiff_t>(first_), piece,
                  out.begin() + static_cast<std::ptrdiff_t>(done));
      first_ = (first_ + piece) % ring_.size();
      done += piece;
    }
    lock.lock();
    used_ -= count;
    if (full_ && used_ <= ring_.size() / 2) changed_.notify_all();
    return count;
  }

 private:
  void run(const std::function<Result<void>(const ByteSink&)>& produce) {
    auto end = produce([this](BytesView piece) { return push(piece); });
    const std::lock_guard lock(mutex_);
    end_ = std::move(end);
    changed_.notify_all();
  }
  Result<void> push(BytesView piece) {
    std::unique_lock lock(mutex_);
    while (!piece.empty()) {
      full_ = used_ == ring_.size();
      if (full_) changed_.wait(lock, [&] { return used_ <= ring_.size() / 2 || abandoned_; });
      full_ = false;
      if (abandoned_) return fail(Code::cancelled, "nobody reads this any more");
      const std::size_t count = std::min({piece.size(), ring_.size() - used_, ring_.size() - next_});
      lock.unlock();  // what is free is not read
      std::copy_n(piece.begin(), count, ring_.begin() + static_cast<std::ptrdiff_t>(next_));
      next_ = (next_ + count) % ring_.size();
      piece = piece.subspan(count);
      lock.lock();
      used_ += count;
      if (used_ >= wanted_) changed_.notify_all();
    }
    return {};
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::uint8_t> ring_;
  std::size_t first_ = 0;  // to be read; of the reader alone
  std::size_t next_ = 0;   // to be written; of the writer alone
  std::size_t used_ = 0;
  std::size_t wanted_ = 1;           // what the reader waits for
  bool full_ = false;                // whoever pushes waits
  std::optional<Result<void>> end_;  // of produce
  bool abandoned_ = false;
  std::thread thread_;  // the last: it uses all of the above
};

}  // namespace

std::unique_ptr<FileReader> read_pushed(std::function<Result<void>(const ByteSink& sink)> produce,
                                        std::size_t window) {
  return std::make_unique<PushedReader>(std::move(produce), window);
}

}  // namespace sigstore
