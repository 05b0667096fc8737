// What a command pays for its trust: a fresh cache, and a refresh with nothing new, of the public Sigstore's
// repository as it was (SIGSTORE_VECTORS).
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/base/testing/testdata.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/trust_cache/cache.h"
#include "sigstore/tuf/testing/memory.h"

using namespace sigstore;
using namespace sigstore::trust_cache;

namespace {

// Of CPU, however busy the machine is.
template <typename Work>
double microseconds(int rounds, Work work) {
  const std::clock_t start = std::clock();
  for (int i = 0; i < rounds; ++i) work();
  return static_cast<double>(std::clock() - start) * 1e6 / CLOCKS_PER_SEC / rounds;
}

}  // namespace

int main() {
  const auto vectors = fakes::vectors_folder();
  if (!vectors) {
    std::puts("skipped: SIGSTORE_VECTORS is not set");
    return 0;
  }
  const std::string folder = *vectors + "/tuf/sigstore-root-signing/";
  tuf::testing::MemoryRepository repository;
  for (const std::string part : {"metadata/", "targets/"})
    for (const auto& path : fakes::testdata_below(folder + part)) {
      const std::string name = path.substr(path.rfind('/') + 1);
      repository.files[part == "targets/" ? part + name : name] = fakes::read_testdata(path);
    }
  fakes::FakeEnv fake;
  fake.clock.advance(*codec::rfc3339::parse("2025-02-09T12:02:08Z") - fake.clock.now());
  Place place;
  place.folder = "/cache";
  place.mirror = "https://tuf.example";
  place.root = fakes::read_testdata(folder + "initial_root.json");
  std::size_t requests = 0;
  class Counting final : public tuf::Repository {
   public:
    Counting(tuf::Repository& real, std::size_t& count) : real_(real), count_(count) {}
    Result<std::string> metadata(const std::string& file, std::size_t max) override {
      ++count_;
      return real_.metadata(file, max);
    }
    Result<std::string> target(const std::string& path, std::uint64_t max) override {
      ++count_;
      return real_.target(path, max);
    }

   private:
    tuf::Repository& real_;
    std::size_t& count_;
  };
  const auto once = [&](Reach reach) {
    requests = 0;
    const auto state = load(fake.env(), place, reach, {"trusted_root.json"},
                            [&](const std::string&) -> Result<std::unique_ptr<tuf::Repository>> {
                              return std::make_unique<Counting>(repository, requests);
                            });
    if (state && state->targets.size() == 1) return;
    std::puts(state ? "no trusted_root.json" : state.error().text().c_str());
    std::exit(1);
  };
  once(Reach::refresh);
  const double fresh = microseconds(200, [&] { once(Reach::fresh); });
  std::printf("a fresh cache: %zu requests, %.0f us\n", requests, fresh);
  const double refreshed = microseconds(200, [&] { once(Reach::refresh); });
  std::printf("a refresh with nothing new: %zu requests, %.0f us (at most 2, 3000 us)\n", requests,
              refreshed);
}
