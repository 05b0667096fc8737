// What certificates cost: microseconds of CPU to parse one, to open its key, and to judge a chain like
// Fulcio's (root, intermediate and their signatures by P-384, the leaf's key P-256), beside its bare
// signature check.
//
//   crypto_x509_chain_bench CHAIN.pem      (sigstore/crypto/x509/testdata/like-fulcio.pem)
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>

#include "sigstore/crypto/x509/chain.h"

using namespace sigstore;
using namespace sigstore::crypto::x509;
using crypto::PublicKey;

namespace {

template <typename Work>
void measure(const char* what, int rounds, Work work) {
  const std::clock_t start = std::clock();
  for (int i = 0; i < rounds; ++i) {
    if (!work()) {
      std::printf("%s: does not work\n", what);
      return;
    }
  }
  const double took = 1e6 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf("%-44s %8.2f us\n", what, took / rounds);
}

std::vector<Certificate> read(const char* path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return Certificate::parse_pem(text.str(), path).value_or(std::vector<Certificate>());
}

}  // namespace

// The file holds a chain: the leaf first, what is trusted last.
int main(int count, char** words) {
  const auto chain = read(count > 1 ? words[1] : "sigstore/crypto/x509/testdata/like-fulcio.pem");
  if (chain.size() < 2) {
    std::puts("it needs a file of a leaf and at least one issuer, in PEM");
    return 1;
  }
  const auto& leaf = chain.front();
  const Time at = leaf.validity().not_before;
  const std::vector<Certificate> issuers(chain.begin() + 1, chain.end());
  measure("parse the leaf", 20000, [&] { return Certificate::parse(leaf.der()).has_value(); });
  measure("parse its issuer", 20000, [&] { return Certificate::parse(issuers[0].der()).has_value(); });
  measure("open the leaf's key", 2000, [&] { return PublicKey::from_spki(leaf.spki()).has_value(); });
  measure("prepare the authority", 500, [&] { return Authority::from_chain(issuers).has_value(); });
  measure("prepare it and judge the leaf", 100,
          [&] { return Authority::from_chain(issuers)->verify(leaf, {}, at, code_signing).has_value(); });
  const auto authority = Authority::from_chain(issuers).value();
  measure("judge the leaf again", 2000,
          [&] { return authority.verify(leaf, {}, at, code_signing).has_value(); });
  return 0;
}
