// The main() of a fuzz target in builds without libFuzzer: every file of the corpus, and a few mutations of
// each (truncated, one bit flipped, a piece doubled), go through the target once. Deterministic.
//
//   fuzz_NAME FOLDER...
//
// Exit 1 when a folder is missing or empty: a corpus that nobody wrote tests nothing.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t mutations_per_kind = 48;

void feed(const Bytes& input) {
  // A copy of exactly this size, so that a sanitizer sees a read past the end.
  Bytes exact(input);
  exact.shrink_to_fit();
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

// `count` positions spread evenly over `size`, each once.
std::vector<std::size_t> positions(std::size_t size, std::size_t count) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < count && size > 0; ++i) out.push_back(i * size / count);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void feed_mutations(const Bytes& seed) {
  for (auto at : positions(seed.size(), mutations_per_kind)) {
    feed(Bytes(seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(at)));
    Bytes flipped = seed;
    flipped[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    feed(flipped);
    Bytes doubled = seed;
    doubled.insert(doubled.end(), seed.begin() + static_cast<std::ptrdiff_t>(at), seed.end());
    feed(doubled);
  }
}

std::vector<std::filesystem::path> corpus(const char* folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    auto files = corpus(argv[i]);
    if (files.empty()) {
      std::fprintf(stderr, "no corpus in %s\n", argv[i]);
      return 1;
    }
    for (const auto& file : files) {
      std::ifstream in(file, std::ios::binary);
      const Bytes seed{std::istreambuf_iterator<char>(in), {}};
      feed(seed);
      feed_mutations(seed);
    }
    std::printf("%zu inputs from %s\n", files.size(), argv[i]);
  }
  return argc > 1 ? 0 : 1;
}
