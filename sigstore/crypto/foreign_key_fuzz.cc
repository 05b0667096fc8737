// Private keys of other programs: whatever is admitted can be read again, is the same key, and signs. The
// first byte says what the rest is: PEM, or the DER inside one, or the value of DEK-Info.
#include <cstdlib>

#include "sigstore/codec/pem.h"
#include "sigstore/crypto/foreign_key.h"
#include "sigstore/crypto/internal/key_encoding.h"
#include "sigstore/crypto/internal/key_encryption.h"

namespace {

using namespace sigstore;
using namespace sigstore::crypto;

void need(bool holds) {
  if (!holds) std::abort();
}

void try_key(const ForeignKey& foreign) {
  if (foreign.encrypted()) return;  // costs what its file says
  auto key = foreign.open(Secret());
  if (!key) {
    need(key.error().code != Code::internal && !key.error().message.empty());
    return;
  }
  const auto again = PrivateKey::from_pkcs8(key->pkcs8());
  need(again && again->public_key() == key->public_key());
  if (key->public_key().type() == KeyType::rsa) return;  // slow
  need(key->sign(key->public_key().schemes().front(), as_bytes("message")).has_value());
}

void try_pem(std::string_view text) {
  const auto key = ForeignKey::parse(text, "fuzz");
  if (key) try_key(*key);
}

void try_der(std::string_view label, BytesView der) {
  try_pem(codec::pem::encode(label, der));
}

void try_encryption(const Result<internal::KeyEncryption>& how) {
  if (!how) return;
  need(how->cipher != nullptr && how->iv.size() == how->cipher->block_size);
  if (!std::holds_alternative<internal::Md5Chain>(how->derivation)) return;
  const auto plain = internal::decrypt(*how, Bytes(how->cipher->block_size), Secret(as_bytes("word")));
  need(plain || plain.error().code == Code::wrong_password);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const BytesView rest{data + 1, size - 1};
  switch (data[0]) {
    case '1':
      try_der("RSA PRIVATE KEY", rest);
      break;
    case '2':
      try_der("EC PRIVATE KEY", rest);
      break;
    case '3':
      try_der("PRIVATE KEY", rest);
      break;
    case '4':
      if (auto parsed = internal::parse_encrypted_pkcs8(rest)) try_encryption(std::move(parsed->first));
      break;
    case '5':
      try_encryption(internal::parse_dek_info(as_text(rest)));
      break;
    default:
      try_pem(as_text(rest));
  }
  return 0;
}
