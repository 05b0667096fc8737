// What a refresh with nothing new costs: `tuf_updater_bench METADATA-FOLDER ROOT TIME`, of a repository in a
// folder, from a root.json, at a time in RFC 3339. Microseconds of the best of many, and those of load().
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "sigstore/codec/rfc3339.h"
#include "sigstore/tuf/testing/memory.h"

using namespace sigstore;

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

double best_of_many(const std::function<bool()>& work) {
  using namespace std::chrono;
  auto best = nanoseconds::max();
  for (int i = 0; i < 500; ++i) {
    const auto start = steady_clock::now();
    if (!work()) return -1;
    best = std::min(best, duration_cast<nanoseconds>(steady_clock::now() - start));
  }
  return static_cast<double>(best.count()) / 1000;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  tuf::testing::MemoryRepository repository;
  tuf::testing::MemoryStore store;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1]))
    repository.files[entry.path().filename()] = read(entry.path());
  store.files["root.json"] = read(argv[2]);
  const auto now = codec::rfc3339::parse(argv[3]);
  if (!now) return 2;
  const auto refresh = [&] {
    tuf::Updater updater(repository, store, *now);
    const auto done = updater.refresh();
    if (!done) std::fprintf(stderr, "error: %s\n", done.error().text().c_str());
    return done.has_value();
  };
  const auto load = [&] { return tuf::Updater(repository, store, *now).load() == true; };
  if (!refresh()) return 1;
  const double refreshed = best_of_many(refresh);
  std::printf("refresh %.1f us, load %.1f us\n", refreshed, best_of_many(load));
  return 0;
}
