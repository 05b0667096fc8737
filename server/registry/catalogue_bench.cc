// What a question to the catalogue costs, warm: nanoseconds each, with its database on disk and in memory.
//
//   server_registry_catalogue_bench FOLDER     (an empty one)
#include <chrono>
#include <cstdio>
#include <thread>

#include "server/registry/catalogue.h"
#include "server/registry/kept.h"
#include "sigstore/base/system/system_env.h"

using namespace server::registry;
using sigstore::oci::Digest;

namespace {

constexpr int repositories = 20, tags = 100, questions = 100'000;

std::string name(int number) {
  return "team/app" + std::to_string(number % repositories);
}

std::string tag(int number) {
  return "v" + std::to_string(number / repositories % tags);
}

void fill(Catalogue& catalogue) {
  std::vector<Change> changes;
  for (int number = 0; number < repositories * tags; ++number) {
    ManifestEntry entry;
    entry.descriptor.media_type = sigstore::oci::media_type::oci_manifest;
    entry.descriptor.digest = Digest::sha256(name(number) + tag(number));
    changes.push_back({.kind = Change::Kind::put_manifest,
                       .repository = name(number),
                       .entry = entry,
                       .tags = {tag(number)}});
  }
  if (!catalogue.apply(changes)) std::puts("cannot be filled");
}

void ask(const Catalogue& catalogue, const char* what, int threads) {
  const auto start = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> all;
    for (int t = 0; t < threads; ++t)
      all.emplace_back([&catalogue, t] {
        for (int i = 0; i < questions; ++i)
          if (const auto found = catalogue.manifest(name(i + t), tag(i + t)); !found || !*found)
            std::puts("not there");
      });
  }
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
  std::printf("%s, %d threads: %.0f ns\n", what, threads, took.count() / questions / threads);
}

}  // namespace

int main(int count, char** words) {
  const sigstore::system::SystemEnv env;
  const std::string folder = count > 1 ? words[1] : "bench";
  for (const bool kept : {true, false}) {
    const auto catalogue =
        kept ? Catalogue::open(env.env(), folder, database_path(folder)) : Catalogue::open(env.env());
    if (!catalogue) return 1;
    fill(**catalogue);
    for (const int threads : {1, 2, 8}) ask(**catalogue, kept ? "on disk" : "in memory", threads);
  }
}
