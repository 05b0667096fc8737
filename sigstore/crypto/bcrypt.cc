#include "sigstore/crypto/bcrypt.h"

#include <crypt.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <memory>
#include <string>

namespace sigstore::crypto {
namespace {

constexpr int most_cost = 16;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_bcrypt_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '/';
}

struct Scratch {
  crypt_data data{};
  ~Scratch() { wipe(&data, sizeof data); }
};

}  // namespace

bool is_bcrypt(std::string_view hash) {
  if (hash.size() != 60 || !hash.starts_with("$2") || std::string_view("aby").find(hash[2]) == hash.npos)
    return false;
  if (hash[3] != '$' || !is_digit(hash[4]) || !is_digit(hash[5]) || hash[6] != '$') return false;
  int cost = (hash[4] - '0') * 10 + (hash[5] - '0');
  return cost >= 4 && cost <= most_cost && std::ranges::all_of(hash.substr(7), is_bcrypt_character);
}

bool bcrypt_matches(const Secret& password, std::string_view hash) {
  if (!is_bcrypt(hash) || password.reveal().contains('\0')) return false;
  std::string text(password.reveal());
  auto scratch = std::make_unique<Scratch>();
  const char* found = crypt_rn(text.c_str(), std::string(hash).c_str(), &scratch->data, sizeof scratch->data);
  wipe(text);
  return found && equal_in_constant_time(as_bytes(found), as_bytes(hash));
}

bool equal_in_constant_time(BytesView a, BytesView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace sigstore::crypto
