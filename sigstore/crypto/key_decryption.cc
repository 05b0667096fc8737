#include <openssl/evp.h>

#include <limits>

#include "sigstore/crypto/internal/key_encryption.h"
#include "sigstore/crypto/internal/openssl.h"

namespace sigstore::crypto::internal {
namespace {

using CipherPtr = std::unique_ptr<EVP_CIPHER, Free<EVP_CIPHER_free>>;
using CipherContextPtr = std::unique_ptr<EVP_CIPHER_CTX, Free<EVP_CIPHER_CTX_free>>;
using FetchedDigestPtr = std::unique_ptr<EVP_MD, Free<EVP_MD_free>>;

constexpr std::size_t md5_size = 16;

FetchedDigestPtr fetch_digest(const char* name) {
  return FetchedDigestPtr(EVP_MD_fetch(nullptr, name, nullptr));
}

// The key of `size` bytes.
struct Derive {
  const Secret& password;
  BytesView salt;
  std::size_t size;

  Result<Secret> operator()(const Pbkdf2& how) const {
    const auto digest = fetch_digest(how.digest);
    Secret key = Secret::of_size(size);
    const bool done =
        digest != nullptr &&
        PKCS5_PBKDF2_HMAC(password.reveal().data(), static_cast<int>(password.size()), salt.data(),
                          static_cast<int>(salt.size()), static_cast<int>(how.iterations), digest.get(),
                          static_cast<int>(size), key.writable().data()) == 1;
    if (!done) return openssl_failed(Code::internal, "PBKDF2 failed");
    return key;
  }

  Result<Secret> operator()(const ScryptCost& cost) const { return scrypt(password, salt, cost, size); }

  // EVP_BytesToKey: each block of 16 bytes is MD5(the block before, password, salt).
  Result<Secret> operator()(const Md5Chain&) const {
    const auto md5 = fetch_digest("MD5");
    const DigestContextPtr context(EVP_MD_CTX_new());
    Secret key = Secret::of_size((size + md5_size - 1) / md5_size * md5_size);
    bool done = md5 != nullptr && context != nullptr;
    for (std::size_t at = 0; done && at < key.size(); at += md5_size) {
      const auto before = at == 0 ? BytesView() : key.reveal_bytes().subspan(at - md5_size, md5_size);
      done = EVP_DigestInit_ex2(context.get(), md5.get(), nullptr) == 1 &&
             EVP_DigestUpdate(context.get(), before.data(), before.size()) == 1 &&
             EVP_DigestUpdate(context.get(), password.reveal().data(), password.size()) == 1 &&
             EVP_DigestUpdate(context.get(), salt.data(), salt.size()) == 1 &&
             EVP_DigestFinal_ex(context.get(), key.writable().data() + at, nullptr) == 1;
    }
    if (!done) return openssl_failed(Code::internal, "MD5 failed");
    return Secret(key.reveal_bytes().first(size));
  }
};

bool begin(EVP_CIPHER_CTX* context, const KeyEncryption& how, const Secret& key) {
  const CipherPtr cipher(EVP_CIPHER_fetch(nullptr, how.cipher->name, nullptr));
  return context != nullptr && cipher != nullptr &&
         EVP_DecryptInit_ex2(context, cipher.get(), key.reveal_bytes().data(), how.iv.data(), nullptr) == 1;
}

}  // namespace

Result<Secret> decrypt(const KeyEncryption& how, BytesView ciphertext, const Secret& password) {
  start_openssl();
  if (ciphertext.empty() || ciphertext.size() % how.cipher->block_size != 0)
    return fail(Code::malformed, "not a valid encrypted key", "what is encrypted is cut short");
  TRY(const auto key, std::visit(Derive{password, how.salt, how.cipher->key_size}, how.derivation));
  const CipherContextPtr context(EVP_CIPHER_CTX_new());
  if (!begin(context.get(), how, key)) return openssl_failed(Code::internal, "cannot decrypt");
  Secret plain = Secret::of_size(ciphertext.size() + how.cipher->block_size);
  int body = 0;
  int last = 0;
  auto* const out = plain.writable().data();
  if (EVP_DecryptUpdate(context.get(), out, &body, ciphertext.data(), static_cast<int>(ciphertext.size())) !=
      1)
    return openssl_failed(Code::internal, "cannot decrypt");
  if (EVP_DecryptFinal_ex(context.get(), out + body, &last) != 1) {
    openssl_reason();  // "bad decrypt" stays in the error queue
    return fail(Code::wrong_password, "the password does not open it");
  }
  return Secret(plain.reveal_bytes().first(static_cast<std::size_t>(body + last)));
}

}  // namespace sigstore::crypto::internal
