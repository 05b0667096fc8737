// What a timestamp costs: reading it, judging it, and how much of that is the bare signatures. Microseconds
// of CPU.
//
//   timestamp_token_bench FOLDER      (sigstore/timestamp/testdata/openssl)
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>

#include "sigstore/timestamp/token.h"

using namespace sigstore;

namespace {

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

template <typename Work>
void measure(const char* what, Work&& work) {
  constexpr int times = 2000;
  const std::clock_t start = std::clock();
  for (int i = 0; i < times; ++i) work();
  std::printf("%-40s %8.1f\n", what,
              1e6 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / times);
}

}  // namespace

int main(int count, char** words) {
  const std::string folder = count > 1 ? words[1] : "sigstore/timestamp/testdata/openssl";
  const std::string bytes = read(folder + "/p256.tsr"), message = read(folder + "/message");
  const auto root = crypto::x509::Certificate::parse_pem(read(folder + "/root.pem"), "root");
  const auto leaf = crypto::x509::Certificate::parse_pem(read(folder + "/p256.pem"), "leaf");
  if (!root || !leaf) return std::puts("no certificates in that folder"), 1;
  const auto authority = crypto::x509::Authority::from_chain(*root);
  const auto token = timestamp::Token::parse(as_bytes(bytes));
  if (!authority || !token) return std::puts("no token in that folder"), 1;
  const timestamp::TimestampAuthority known{leaf->front(), *authority}, open{{}, *authority};

  measure("read", [&] { (void)timestamp::Token::parse(as_bytes(bytes)); });
  for (const auto* by : {&known, &open})
    measure(by == &known ? "judge, by the known certificate" : "judge, by the embedded certificate", [&] {
      if (!timestamp::verify(*token, as_bytes(message), *by)) std::puts("it does not verify");
    });
  const auto key = leaf->front().public_key();
  measure("one bare ECDSA P-256 verification", [&] {
    (void)key->verify(crypto::Scheme::ecdsa_sha256, as_bytes(message),
                      as_bytes(std::string_view("\x30\x06\x02\x01\x01\x02\x01\x01", 8)));
  });
}
