#include "sigstore/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace sigstore {

void parallel(std::size_t count, int workers, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  const std::size_t helpers = std::min(count, static_cast<std::size_t>(std::max(workers, 1)));
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < helpers; ++i) threads.emplace_back(run);
  run();
}

}  // namespace sigstore
