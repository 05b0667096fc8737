#include "sigstore/crypto/internal/rsa_check.h"

#include <algorithm>
#include <array>

#include "sigstore/crypto/internal/openssl.h"

namespace sigstore::crypto::internal {
namespace {

using NumberPtr = std::unique_ptr<BIGNUM, Free<BN_clear_free>>;
using WorkPtr = std::unique_ptr<BN_CTX, Free<BN_CTX_free>>;

constexpr unsigned f4 = 65537;
constexpr unsigned small_factors = 752;  // looked for below it

NumberPtr number(BytesView big_endian) {
  return NumberPtr(BN_bin2bn(big_endian.data(), static_cast<int>(big_endian.size()), BN_secure_new()));
}

// Arithmetic that answers a question: an operation that fails (no memory) makes the answer no.
class Arithmetic {
 public:
  [[nodiscard]] bool is_product(const BIGNUM* n, const BIGNUM* p, const BIGNUM* q) {
    return BN_mul(result_.get(), p, q, work_.get()) == 1 && BN_cmp(result_.get(), n) == 0;
  }
  [[nodiscard]] bool is_inverse(const BIGNUM* a, const BIGNUM* b, const BIGNUM* modulus) {
    return BN_mod_mul(result_.get(), a, b, modulus, work_.get()) == 1 && BN_is_one(result_.get());
  }
  [[nodiscard]] bool is_residue(const BIGNUM* small, const BIGNUM* large, const BIGNUM* modulus) {
    return BN_nnmod(result_.get(), large, modulus, work_.get()) == 1 && BN_cmp(result_.get(), small) == 0;
  }

 private:
  WorkPtr work_{BN_CTX_secure_new()};
  NumberPtr result_{BN_secure_new()};
};

// What belongs to one of the two primes: d * e = 1 and dp = d, modulo prime - 1.
bool fits_prime(Arithmetic& arithmetic, const BIGNUM* d, const BIGNUM* e, BytesView prime, BytesView dp) {
  const auto order = number(prime);
  if (BN_cmp(order.get(), BN_value_one()) <= 0 || BN_sub_word(order.get(), 1) != 1) return false;
  return arithmetic.is_inverse(d, e, order.get()) && arithmetic.is_residue(number(dp).get(), d, order.get());
}

bool is_consistent(const RsaPrivate& key) {
  Arithmetic arithmetic;
  const auto d = number(key.d), e = number(key.pub.e), p = number(key.p), q = number(key.q);
  return arithmetic.is_product(number(key.pub.n).get(), p.get(), q.get()) &&
         fits_prime(arithmetic, d.get(), e.get(), key.p, key.dp) &&
         fits_prime(arithmetic, d.get(), e.get(), key.q, key.dq) &&
         arithmetic.is_inverse(number(key.qinv).get(), q.get(), p.get());
}

// Whether `residue` is a power of 65537 modulo the prime `r`.
bool is_power_of_f4(unsigned residue, unsigned r) {
  unsigned power = 1;
  do {
    if (power == residue) return true;
    power = power * (f4 % r) % r;
  } while (power != 1);
  return false;
}

// The primes of the weak generator were k * M + (65537^a mod M), where M is the product of all small primes:
// so modulo each of these the modulus is a power of 65537, which is rare otherwise.
bool has_roca_form(const BIGNUM* n) {
  constexpr std::array<unsigned, 17> telling = {11, 13, 17,  19,  37,  53,  61,  71, 73,
                                                79, 97, 103, 107, 109, 127, 151, 157};
  return std::ranges::all_of(
      telling, [&](unsigned r) { return is_power_of_f4(static_cast<unsigned>(BN_mod_word(n, r)), r); });
}

bool has_small_factor(const BIGNUM* n) {
  for (unsigned divisor = 3; divisor < small_factors; divisor += 2)
    if (BN_mod_word(n, divisor) == 0) return true;
  return false;
}

std::unexpected<Error> weak(std::string cause, std::string hint) {
  return fail(Code::unsupported, "this key is not safe to sign with", std::move(cause), std::move(hint));
}

}  // namespace

Result<void> check_rsa_numbers(const RsaPrivate& key) {
  start_openssl();
  if (is_consistent(key)) return {};
  return fail(Code::malformed, "not a valid key", "the numbers of the RSA key do not belong together");
}

Result<void> check_rsa_strength(const RsaPublic& key) {
  start_openssl();
  const std::string another = "cosign generate-key-pair makes a new key";
  const auto e = number(key.e), n = number(key.n);
  if (!BN_is_word(e.get(), f4)) return weak("its RSA exponent is not 65537", another);
  if (has_small_factor(n.get())) return weak("its RSA modulus has a small factor", another);
  if (has_roca_form(n.get()))
    return weak("its RSA modulus has the form of a weak generator (CVE-2017-15361)", another);
  return {};
}

}  // namespace sigstore::crypto::internal
