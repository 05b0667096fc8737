#include "cosign/args/nearest.h"

#include <algorithm>

namespace cosign {
namespace {

constexpr std::size_t longest_word = 64;  // longer words are no typing mistakes

// Optimal string alignment distance.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string nearest(std::string_view typed, const std::vector<std::string>& candidates) {
  if (typed.empty() || typed.size() > longest_word) return {};
  std::string best;
  std::size_t best_cost = std::max<std::size_t>(1, typed.size() / 3) + 1;
  std::vector<std::string> longer;
  for (const std::string& candidate : candidates) {
    const std::size_t cost = edits(typed, candidate);
    if (cost < best_cost) {
      best = candidate;
      best_cost = cost;
    }
    if (candidate.starts_with(typed)) longer.push_back(candidate);
  }
  return longer.size() == 1 ? longer.front() : best;
}

}  // namespace cosign
