// scrypt (RFC 7914) on SSE2. Its memory is asked for in huge pages, which is what makes it faster than
// libsodium's (measured: docs/performance.md): the second half of the work reads 64 MiB at random, a new page
// each time.
#include <emmintrin.h>
#include <openssl/evp.h>
#include <sys/mman.h>

#include <bit>
#include <cstring>
#include <limits>

#include "sigstore/crypto/internal/openssl.h"
#include "sigstore/crypto/secretbox.h"

namespace sigstore::crypto {
namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;

// Anonymous memory, aligned to huge pages and wiped when it goes.
class Scratch {
 public:
  explicit Scratch(std::size_t size) : size_(size), mapped_(size + huge_page) {
    base_ = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base_ == MAP_FAILED) return;
    const auto address = reinterpret_cast<std::uintptr_t>(base_);
    data_ = reinterpret_cast<__m128i*>((address + huge_page - 1) & ~(huge_page - 1));
    madvise(data_, size_, MADV_HUGEPAGE);  // a wish; without it the result is the same, only later
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    if (data_ == nullptr) return;
    wipe(data_, size_);
    munmap(base_, mapped_);
  }
  [[nodiscard]] __m128i* data() const { return data_; }

 private:
  std::size_t size_, mapped_;
  void* base_ = nullptr;
  __m128i* data_ = nullptr;
};

// The four diagonals of a Salsa20 state (RFC 7914, section 3), a vector each.
struct Rows {
  __m128i a, b, c, d;
};

template <int bits>
__m128i rotate(__m128i x) {
  return _mm_xor_si128(_mm_slli_epi32(x, bits), _mm_srli_epi32(x, 32 - bits));
}

inline void salsa20_8(Rows& x) {
  const Rows in = x;
  for (int round = 0; round < 8; round += 2) {
    x.b = _mm_xor_si128(x.b, rotate<7>(_mm_add_epi32(x.a, x.d)));
    x.c = _mm_xor_si128(x.c, rotate<9>(_mm_add_epi32(x.b, x.a)));
    x.d = _mm_xor_si128(x.d, rotate<13>(_mm_add_epi32(x.c, x.b)));
    x.a = _mm_xor_si128(x.a, rotate<18>(_mm_add_epi32(x.d, x.c)));
    x.b = _mm_shuffle_epi32(x.b, 0x93);
    x.c = _mm_shuffle_epi32(x.c, 0x4E);
    x.d = _mm_shuffle_epi32(x.d, 0x39);
    x.d = _mm_xor_si128(x.d, rotate<7>(_mm_add_epi32(x.a, x.b)));
    x.c = _mm_xor_si128(x.c, rotate<9>(_mm_add_epi32(x.d, x.a)));
    x.b = _mm_xor_si128(x.b, rotate<13>(_mm_add_epi32(x.c, x.d)));
    x.a = _mm_xor_si128(x.a, rotate<18>(_mm_add_epi32(x.b, x.c)));
    x.b = _mm_shuffle_epi32(x.b, 0x39);
    x.c = _mm_shuffle_epi32(x.c, 0x4E);
    x.d = _mm_shuffle_epi32(x.d, 0x93);
  }
  x = {_mm_add_epi32(x.a, in.a), _mm_add_epi32(x.b, in.b), _mm_add_epi32(x.c, in.c),
       _mm_add_epi32(x.d, in.d)};
}

// Where input block `i` of scryptBlockMix goes: the even ones first, then the odd ones (section 4, step 3).
inline std::size_t place(std::size_t i, std::size_t r) {
  return 4 * (i / 2 + (i % 2) * r);
}

// scryptBlockMix of `in`, or of `in` XOR `with`; a block is 8 * r vectors.
template <bool mixed>
inline void block_mix(const __m128i* in, const __m128i* with, __m128i* out, std::size_t r) {
  const auto at = [&](std::size_t i) { return mixed ? _mm_xor_si128(in[i], with[i]) : in[i]; };
  const std::size_t last = 8 * r - 4;
  Rows x{at(last), at(last + 1), at(last + 2), at(last + 3)};
  for (std::size_t i = 0; i < 2 * r; ++i) {
    const std::size_t from = 4 * i;
    x = {_mm_xor_si128(x.a, at(from)), _mm_xor_si128(x.b, at(from + 1)), _mm_xor_si128(x.c, at(from + 2)),
         _mm_xor_si128(x.d, at(from + 3))};
    salsa20_8(x);
    __m128i* to = out + place(i, r);
    to[0] = x.a, to[1] = x.b, to[2] = x.c, to[3] = x.d;
  }
}

// Integerify (section 5): the first 64 bits of the last 64-byte block.
inline std::uint64_t integerify(const __m128i* block, std::size_t r) {
  const std::uint64_t low = static_cast<std::uint32_t>(_mm_cvtsi128_si32(block[8 * r - 4]));
  const std::uint64_t high =
      static_cast<std::uint32_t>(_mm_cvtsi128_si32(_mm_srli_si128(block[8 * r - 1], 4)));
  return low | high << 32;
}

// scryptROMix (section 5). `x` and `y` hold one block each, `v` holds n.
void rom_mix(__m128i* x, __m128i* y, __m128i* v, std::uint64_t n, std::size_t r) {
  const std::size_t block = 8 * r;
  std::memcpy(v, x, block * sizeof(__m128i));
  for (std::uint64_t i = 1; i < n; ++i) block_mix<false>(v + (i - 1) * block, nullptr, v + i * block, r);
  block_mix<false>(v + (n - 1) * block, nullptr, x, r);
  for (std::uint64_t i = 0; i < n; i += 2) {
    block_mix<true>(x, v + (integerify(x, r) & (n - 1)) * block, y, r);
    block_mix<true>(y, v + (integerify(y, r) & (n - 1)) * block, x, r);
  }
}

// Between the words of a 64-byte block and the diagonals that the rounds work on.
void to_diagonals(const std::uint8_t* bytes, __m128i* rows, std::size_t blocks) {
  std::uint32_t words[16], diagonal[16];
  for (std::size_t k = 0; k < blocks; ++k) {
    std::memcpy(words, bytes + 64 * k, 64);
    for (std::size_t i = 0; i < 16; ++i) diagonal[i] = words[i * 5 % 16];
    std::memcpy(rows + 4 * k, diagonal, 64);
  }
}

void from_diagonals(const __m128i* rows, std::uint8_t* bytes, std::size_t blocks) {
  std::uint32_t words[16], diagonal[16];
  for (std::size_t k = 0; k < blocks; ++k) {
    std::memcpy(diagonal, rows + 4 * k, 64);
    for (std::size_t i = 0; i < 16; ++i) words[i * 5 % 16] = diagonal[i];
    std::memcpy(bytes + 64 * k, words, 64);
  }
}

bool pbkdf2(std::string_view password, BytesView salt, std::span<std::uint8_t> out) {
  return PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), salt.data(),
                           static_cast<int>(salt.size()), 1, internal::digest_method(HashAlgorithm::sha256), static_cast<int>(out.size()),
                           out.data()) == 1;
}

bool in_bounds(const Secret& password, BytesView salt, const ScryptCost& cost, std::size_t size) {
  constexpr std::size_t most = std::numeric_limits<int>::max();
  constexpr std::uint64_t most_memory = std::uint64_t{1} << 30;
  return cost.n >= 2 && std::has_single_bit(cost.n) && cost.r >= 1 && cost.p >= 1 && cost.r <= 64 &&
         cost.p <= 64 && cost.n <= most_memory / (128 * cost.r) && password.size() < most &&
         salt.size() < most && size < most;
}

}  // namespace

Result<Secret> scrypt(const Secret& password, BytesView salt, const ScryptCost& cost, std::size_t size) {
  if (!in_bounds(password, salt, cost, size))
    return fail(Code::invalid_argument, "scrypt parameters out of bounds");
  const std::size_t block_bytes = std::size_t{128} * cost.r;
  const std::size_t vectors = std::size_t{8} * cost.r;
  Secret blocks = Secret::of_size(block_bytes * cost.p);
  if (!pbkdf2(password.reveal(), salt, blocks.writable())) return fail(Code::internal, "PBKDF2 failed");
  const Scratch scratch(block_bytes * (cost.n + 2));
  if (scratch.data() == nullptr)
    return fail(Code::internal, "no memory to derive the key of an encrypted file",
                std::to_string(block_bytes * cost.n >> 20) + " MiB are needed");
  __m128i* const x = scratch.data() + cost.n * vectors;
  for (std::uint32_t i = 0; i < cost.p; ++i) {
    std::uint8_t* const bytes = blocks.writable().data() + i * block_bytes;
    to_diagonals(bytes, x, 2 * cost.r);
    rom_mix(x, x + vectors, scratch.data(), cost.n, cost.r);
    from_diagonals(x, bytes, 2 * cost.r);
  }
  Secret key = Secret::of_size(size);
  if (!pbkdf2(password.reveal(), blocks.reveal_bytes(), key.writable()))
    return fail(Code::internal, "PBKDF2 failed");
  return key;
}

}  // namespace sigstore::crypto
