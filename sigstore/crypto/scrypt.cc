// scrypt (RFC 7914) in plain words: processors of today do the chain of additions and rotations of Salsa20
// faster in their general registers than in vectors. Its memory is asked for in huge pages, since half of the
// work reads 64 MiB at random. Why it is ours: docs/design/decisions/0003-own-scrypt.md.
#include <openssl/evp.h>
#include <sys/mman.h>

#include <bit>
#include <cstring>
#include <limits>

#include "sigstore/crypto/internal/openssl.h"
#include "sigstore/crypto/secretbox.h"

namespace sigstore::crypto {
namespace {

using Word = std::uint32_t;
static_assert(std::endian::native == std::endian::little, "blocks are read as they stand in memory");
constexpr std::size_t block_words = 16;  // of Salsa20
constexpr std::size_t huge_page = std::size_t{2} << 20;

// Anonymous memory, aligned to huge pages and wiped when it goes.
class Scratch {
 public:
  explicit Scratch(std::size_t size) : size_(size), mapped_(size + huge_page) {
    base_ = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base_ == MAP_FAILED) return;
    const auto address = reinterpret_cast<std::uintptr_t>(base_);
    data_ = reinterpret_cast<Word*>((address + huge_page - 1) & ~(huge_page - 1));
    madvise(data_, size_, MADV_HUGEPAGE);  // a wish; without it the result is the same, only later
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    if (data_ == nullptr) return;
    wipe(data_, size_);
    munmap(base_, mapped_);
  }
  [[nodiscard]] Word* data() const { return data_; }

 private:
  std::size_t size_, mapped_;
  void* base_ = nullptr;
  Word* data_ = nullptr;
};

// Salsa20/8 (RFC 7914, section 3) of `x` XOR `in`, and once more XOR `with`; the result is in `x` and `out`.
template <bool mixed>
inline void salsa20_8(Word* x, const Word* in, const Word* with, Word* out) {
  for (std::size_t i = 0; i < block_words; ++i) x[i] ^= mixed ? in[i] ^ with[i] : in[i];
  Word a0 = x[0], a1 = x[1], a2 = x[2], a3 = x[3], a4 = x[4], a5 = x[5], a6 = x[6], a7 = x[7];
  Word a8 = x[8], a9 = x[9], a10 = x[10], a11 = x[11], a12 = x[12], a13 = x[13], a14 = x[14], a15 = x[15];
  const auto step = [](Word& to, Word from, Word other, int bits) { to ^= std::rotl(from + other, bits); };
  const auto quarter = [&](Word& a, Word& b, Word& c, Word& d) {
    step(b, a, d, 7), step(c, b, a, 9), step(d, c, b, 13), step(a, d, c, 18);
  };
  for (int round = 0; round < 8; round += 2) {
    quarter(a0, a4, a8, a12), quarter(a5, a9, a13, a1), quarter(a10, a14, a2, a6), quarter(a15, a3, a7, a11);
    quarter(a0, a1, a2, a3), quarter(a5, a6, a7, a4), quarter(a10, a11, a8, a9), quarter(a15, a12, a13, a14);
  }
  const Word sum[block_words] = {a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15};
  for (std::size_t i = 0; i < block_words; ++i) out[i] = x[i] += sum[i];
}

// Where input block `i` of scryptBlockMix goes: the even ones first, then the odd ones (section 4, step 3).
inline std::size_t place(std::size_t i, std::size_t r) {
  return block_words * (i / 2 + (i % 2) * r);
}

// scryptBlockMix of `in`, or of `in` XOR `with`.
template <bool mixed>
void block_mix(const Word* in, const Word* with, Word* out, std::size_t r) {
  const std::size_t last = block_words * (2 * r - 1);
  Word x[block_words];
  for (std::size_t i = 0; i < block_words; ++i) x[i] = mixed ? in[last + i] ^ with[last + i] : in[last + i];
  for (std::size_t i = 0; i < 2 * r; ++i)
    salsa20_8<mixed>(x, in + block_words * i, mixed ? with + block_words * i : nullptr, out + place(i, r));
}

// Integerify (section 5): the first 64 bits of the last 64-byte block.
inline std::uint64_t integerify(const Word* block, std::size_t r) {
  const Word* last = block + block_words * (2 * r - 1);
  return last[0] | std::uint64_t{last[1]} << 32;
}

// scryptROMix (section 5). `x` and `y` hold one block each, `v` holds n.
void rom_mix(Word* x, Word* y, Word* v, std::uint64_t n, std::size_t r) {
  const std::size_t block = 2 * r * block_words;
  std::memcpy(v, x, block * sizeof(Word));
  for (std::uint64_t i = 1; i < n; ++i) block_mix<false>(v + (i - 1) * block, nullptr, v + i * block, r);
  block_mix<false>(v + (n - 1) * block, nullptr, x, r);
  for (std::uint64_t i = 0; i < n; i += 2) {
    block_mix<true>(x, v + (integerify(x, r) & (n - 1)) * block, y, r);
    block_mix<true>(y, v + (integerify(y, r) & (n - 1)) * block, x, r);
  }
}

bool pbkdf2(std::string_view password, BytesView salt, std::span<std::uint8_t> out) {
  return PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), salt.data(),
                           static_cast<int>(salt.size()), 1, internal::digest_method(HashAlgorithm::sha256),
                           static_cast<int>(out.size()), out.data()) == 1;
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
  const std::size_t words = block_bytes / sizeof(Word);
  Secret blocks = Secret::of_size(block_bytes * cost.p);
  if (!pbkdf2(password.reveal(), salt, blocks.writable())) return fail(Code::internal, "PBKDF2 failed");
  const Scratch scratch(block_bytes * (cost.n + 2));
  if (scratch.data() == nullptr)
    return fail(Code::internal, "no memory to derive the key of an encrypted file",
                std::to_string(block_bytes * cost.n >> 20) + " MiB are needed");
  Word* const x = scratch.data() + cost.n * words;
  for (std::uint32_t i = 0; i < cost.p; ++i) {
    std::uint8_t* const bytes = blocks.writable().data() + i * block_bytes;
    std::memcpy(x, bytes, block_bytes);
    rom_mix(x, x + words, scratch.data(), cost.n, cost.r);
    std::memcpy(bytes, x, block_bytes);
  }
  Secret key = Secret::of_size(size);
  if (!pbkdf2(password.reveal(), blocks.reveal_bytes(), key.writable()))
    return fail(Code::internal, "PBKDF2 failed");
  return key;
}

}  // namespace sigstore::crypto
