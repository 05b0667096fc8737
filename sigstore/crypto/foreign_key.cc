#include "sigstore/crypto/foreign_key.h"

#include <algorithm>
#include <optional>

#include "sigstore/codec/pem.h"
#include "sigstore/crypto/internal/evp_key.h"
#include "sigstore/crypto/internal/key_encryption.h"
#include "sigstore/crypto/internal/rsa_check.h"

namespace sigstore::crypto {

enum class Container { pkcs1, sec1, pkcs8 };

struct ForeignKey::State {
  std::string what;
  Container container = Container::pkcs8;
  Bytes curve;  // what "EC PARAMETERS" says, or empty
  std::optional<internal::KeyEncryption> encryption;
  Secret body;  // DER, encrypted or not
};

namespace {

namespace pem = codec::pem;
using Headers = std::vector<std::pair<std::string, std::string>>;

std::unexpected<Error> not_pem(std::string_view text, const std::string& what) {
  const bool empty = text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  std::string hint = "a private key file begins with -----BEGIN PRIVATE KEY-----, or a line like it";
  if (text.starts_with('\x30')) hint = "openssl pkey -inform DER -in FILE converts a key in DER";
  if (text.starts_with("PuTTY-")) hint = "puttygen FILE -O private-openssh -o NEW converts a key of PuTTY";
  return fail(Code::malformed, what + " is not a private key", empty ? "it is empty" : "it is not PEM", hint);
}

std::unexpected<Error> not_a_private_key(const std::string& label, const std::string& what) {
  const std::string type = "its PEM type is \"" + label + "\"";
  if (label.ends_with("PUBLIC KEY"))
    return fail(Code::mismatch, what + " is a public key, and a private key is needed here", type);
  if (label.ends_with("CERTIFICATE"))
    return fail(Code::unsupported, what + " is a certificate, and its private key is needed here", type,
                "the private key is most often in a file of its own, which ends in .key");
  return fail(Code::unsupported, what + " is not a private key", type);
}

std::unexpected<Error> foreign_private_key(const std::string& label, const std::string& what) {
  const std::string type = "its PEM type is \"" + label + "\"";
  if (label.find(" SIGSTORE ") != std::string::npos || label.find(" COSIGN ") != std::string::npos)
    return fail(Code::unsupported, what + " is a key of cosign already", type, "cosign sign --key " + what);
  if (label == "OPENSSH PRIVATE KEY")
    return fail(Code::unsupported, what + " is a key of SSH", type,
                "ssh-keygen -p -m PKCS8 -f COPY rewrites a copy of it, if it is an ECDSA or RSA key");
  return fail(Code::unsupported, what + " is not a private key that can be used", type,
              "ECDSA P-256, P-384 and P-521, RSA of 2048 to 16384 bits and Ed25519 are");
}

std::optional<Container> container_of(const std::string& label) {
  if (label == "RSA PRIVATE KEY") return Container::pkcs1;
  if (label == "EC PRIVATE KEY") return Container::sec1;
  if (label == "PRIVATE KEY" || label == "ENCRYPTED PRIVATE KEY") return Container::pkcs8;
  return std::nullopt;
}

std::string_view header(const Headers& headers, std::string_view name) {
  const auto found = std::ranges::find(headers, name, &Headers::value_type::first);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

// Leaves in `body` what is encrypted alone.
Result<std::optional<internal::KeyEncryption>> encryption_of(const pem::Block& block, Secret& body) {
  if (block.label == "ENCRYPTED PRIVATE KEY") {
    TRY(auto parsed, internal::parse_encrypted_pkcs8(block.body));
    body = Secret(parsed.second);
    return std::move(parsed.first);
  }
  body = Secret(BytesView(block.body));
  if (!header(block.headers, "Proc-Type").ends_with(",ENCRYPTED")) return std::nullopt;
  TRY(auto how, internal::parse_dek_info(header(block.headers, "DEK-Info")));
  return how;
}

// The blocks of a text, wiped when they go.
struct Blocks {
  std::vector<pem::Block> all;
  ~Blocks() {
    for (auto& block : all) wipe(block.body.data(), block.body.size());
  }
};

// Strength is asked for here, where a key comes in, and not where one that is in use is opened.
struct Admit {
  Result<Secret> operator()(const internal::EcPrivate& key) const { return encode(key); }
  Result<Secret> operator()(const internal::RsaPrivate& key) const {
    TRY_OK(internal::check_rsa_numbers(key));
    TRY_OK(internal::check_rsa_strength(key.pub));
    return encode(key);
  }
  Result<Secret> operator()(const internal::Ed25519Private& key) const { return internal::encode_pkcs8(key); }

  template <typename Parts>
  static Result<Secret> encode(const Parts& key) {
    TRY(const auto evp, internal::make_private(key));
    return internal::pkcs8_of(*evp);
  }
};

Result<internal::PrivateParts> parse_body(Container container, BytesView der, BytesView curve) {
  switch (container) {
    case Container::pkcs1:
      return internal::parse_pkcs1(der);
    case Container::sec1:
      return internal::parse_sec1(der, curve);
    default:
      return internal::parse_pkcs8(der);
  }
}

Error unusable(const Error& error, const std::string& what) {
  return error.wrap(what + " holds a private key that cannot be used");
}

std::unexpected<Error> wrong_password(const Secret& password, const std::string& what) {
  return fail(Code::wrong_password, "the password does not open " + what,
              password.empty() ? "the password is empty" : "");
}

}  // namespace

ForeignKey::ForeignKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
ForeignKey::ForeignKey(ForeignKey&&) noexcept = default;
ForeignKey& ForeignKey::operator=(ForeignKey&&) noexcept = default;
ForeignKey::~ForeignKey() = default;

Result<ForeignKey> ForeignKey::parse(std::string_view text, std::string_view what) {
  auto state = std::make_unique<State>();
  state->what = what;
  auto parsed = pem::parse(text, what);
  if (!parsed && parsed.error().code == Code::not_mine) return not_pem(text, state->what);
  if (!parsed) return fail(std::move(parsed).error());
  Blocks blocks{std::move(*parsed)};
  const auto is_private = [](const pem::Block& block) { return block.label.ends_with("PRIVATE KEY"); };
  const auto found = std::ranges::find_if(blocks.all, is_private);
  if (found == blocks.all.end()) return not_a_private_key(blocks.all.back().label, state->what);
  const auto container = container_of(found->label);
  if (!container) return foreign_private_key(found->label, state->what);
  state->container = *container;
  const auto curve = std::ranges::find(blocks.all, "EC PARAMETERS", &pem::Block::label);
  if (curve != blocks.all.end()) state->curve = curve->body;
  auto encryption = encryption_of(*found, state->body);
  if (!encryption) return fail(unusable(encryption.error(), state->what));
  state->encryption = std::move(*encryption);
  return ForeignKey(std::move(state));
}

bool ForeignKey::encrypted() const {
  return state_->encryption.has_value();
}

Result<PrivateKey> ForeignKey::open(const Secret& password) const {
  Secret plain = state_->body.clone();
  if (encrypted()) {
    auto decrypted = internal::decrypt(*state_->encryption, plain.reveal_bytes(), password);
    if (!decrypted && decrypted.error().code == Code::wrong_password)
      return wrong_password(password, state_->what);
    if (!decrypted) return fail(unusable(decrypted.error(), state_->what));
    plain = std::move(*decrypted);
  }
  const auto parts = parse_body(state_->container, plain.reveal_bytes(), state_->curve);
  // One wrong password in 256 gives padding that looks right, around noise.
  if (!parts && encrypted() && parts.error().code == Code::malformed)
    return wrong_password(password, state_->what);
  if (!parts) return fail(unusable(parts.error(), state_->what));
  auto pkcs8 = std::visit(Admit{}, *parts);
  if (!pkcs8) return fail(unusable(pkcs8.error(), state_->what));
  return PrivateKey::from_pkcs8(*pkcs8);
}

std::size_t rsa_bits(const PublicKey& key) {
  const auto parts = internal::parse_spki(key.spki());
  const auto* rsa = parts ? std::get_if<internal::RsaPublic>(&*parts) : nullptr;
  return rsa == nullptr ? 0 : internal::bits_of(rsa->n);
}

}  // namespace sigstore::crypto
