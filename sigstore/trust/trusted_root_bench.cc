// How long a trusted root takes to read: `trust_trusted_root_bench FILE`, microseconds of the best of many.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "sigstore/trust/trusted_root.h"

int main(int argc, char** argv) {
  using namespace std::chrono;
  std::ifstream file(argc > 1 ? argv[1] : "/dev/null");
  std::ostringstream text;
  text << file.rdbuf();
  auto best = nanoseconds::max();
  for (int i = 0; i < 2000; ++i) {
    const auto start = steady_clock::now();
    const auto root = sigstore::trust::TrustedRoot::parse(text.str(), "the file");
    const auto took = steady_clock::now() - start;
    if (!root) {
      std::fprintf(stderr, "error: %s\n", root.error().text().c_str());
      return 1;
    }
    best = std::min(best, duration_cast<nanoseconds>(took));
  }
  std::printf("%.1f us, %zu bytes\n", static_cast<double>(best.count()) / 1000, text.str().size());
  return 0;
}
