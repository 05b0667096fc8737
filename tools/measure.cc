// Runs programs many times, in turns, with nothing in between (posix_spawn, wait4), and prints the medians.
//
//   measure RUNS PROGRAM [ARGUMENT]... [--- PROGRAM [ARGUMENT]...]...
//
// One JSON line per program: {"wall_ms":1.23,"cpu_ms":0.98,"max_rss_kib":4321,"failures":0}. stdin is
// /dev/null, stdout and stderr go there. Compiled and small, because a child's peak memory counts from its
// parent's.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

extern char** environ;

namespace {

struct Series {
  std::vector<char*> argv;  // ends in a null pointer
  std::vector<double> wall_ms, cpu_ms;
  long max_rss_kib = 0;
  int failures = 0;
};

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

double median(std::vector<double> values) {
  auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void run_once(Series& series, const posix_spawn_file_actions_t& actions) {
  pid_t pid = 0;
  auto start = std::chrono::steady_clock::now();
  if (posix_spawnp(&pid, series.argv[0], &actions, nullptr, series.argv.data(), environ) != 0) {
    std::fprintf(stderr, "measure: %s cannot be started\n", series.argv[0]);
    std::exit(1);
  }
  int status = 0;
  rusage usage{};
  wait4(pid, &status, 0, &usage);
  std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  series.wall_ms.push_back(took.count());
  series.cpu_ms.push_back(milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime));
  series.max_rss_kib = std::max(series.max_rss_kib, usage.ru_maxrss);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) ++series.failures;
}

}  // namespace

int main(int argc, char** argv) {
  int runs = argc > 1 ? std::atoi(argv[1]) : 0;
  if (runs < 1 || argc < 3) {
    std::fprintf(stderr, "usage: measure RUNS PROGRAM [ARGUMENT]... [--- PROGRAM [ARGUMENT]...]...\n");
    return 2;
  }
  std::vector<Series> all(1);
  for (int i = 2; i < argc; ++i) {
    if (std::strcmp(argv[i], "---") == 0)
      all.emplace_back();
    else
      all.back().argv.push_back(argv[i]);
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  for (auto& series : all) series.argv.push_back(nullptr);
  for (int run = 0; run < runs; ++run)
    for (auto& series : all) run_once(series, actions);
  posix_spawn_file_actions_destroy(&actions);
  for (auto& series : all)
    std::printf("{\"wall_ms\":%.3f,\"cpu_ms\":%.3f,\"max_rss_kib\":%ld,\"failures\":%d}\n",
                median(series.wall_ms), median(series.cpu_ms), series.max_rss_kib, series.failures);
  return 0;
}
