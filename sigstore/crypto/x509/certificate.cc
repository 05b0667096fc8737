#include "sigstore/crypto/x509/certificate.h"

#include <algorithm>
#include <mutex>

#include "sigstore/base/limits.h"
#include "sigstore/codec/pem.h"
#include "sigstore/crypto/x509/internal/fields.h"

namespace sigstore::crypto::x509 {

namespace der = codec::der;

struct Certificate::State {
  Bytes der;  // all views are of it
  BytesView tbs, algorithm, signature, serial, issuer, subject, spki;
  Validity validity;
  std::vector<Extension> extensions;
  internal::BasicConstraints constraints;
  std::optional<KeyUsage> key_usage;
  std::vector<std::string> extended_key_usage;
  std::vector<GeneralName> names;

  mutable std::once_flag key_once;
  mutable std::optional<Result<PublicKey>> key;
};

namespace {

constexpr std::uint8_t version_tag = 0xA0, issuer_id_tag = 0x81, subject_id_tag = 0x82, extensions_tag = 0xA3;

std::unexpected<Error> malformed(std::string cause) {
  return fail(Code::malformed, std::move(cause));
}

bool same(BytesView a, BytesView b) {
  return std::ranges::equal(a, b);
}

// 1 or 3: the form of version 2 is nowhere in use.
Result<int> read_version(der::Reader& tbs) {
  if (tbs.peek() != version_tag) return 1;
  TRY(auto wrapped, tbs.enter(version_tag));
  TRY(const auto number, wrapped.expect(der::integer));
  TRY_OK(wrapped.finish());
  if (number.content.size() != 1 || number.content[0] != 2)
    return malformed("its version is neither 1 nor 3");
  return 3;
}

// AlgorithmIdentifier: its form only.
Result<BytesView> read_algorithm(der::Reader& in) {
  TRY(const auto element, in.expect(der::sequence));
  der::Reader fields(element.content);
  TRY_OK(fields.expect(der::oid));
  if (!fields.empty()) TRY_OK(fields.next());
  TRY_OK(fields.finish());
  return element.whole;
}

Result<BytesView> read_name(der::Reader& in) {
  TRY(const auto element, in.expect(der::sequence));
  TRY_OK(internal::check_name(element.whole));
  return element.whole;
}

Result<BytesView> read_spki(der::Reader& in) {
  TRY(const auto element, in.expect(der::sequence));
  der::Reader fields(element.content);
  TRY_OK(read_algorithm(fields));
  TRY_OK(fields.expect(der::bit_string));
  TRY_OK(fields.finish());
  return element.whole;
}

Result<Extension> read_extension(der::Reader fields) {
  TRY(const auto oid, fields.expect(der::oid));
  Extension out;
  TRY(out.oid, der::read_oid(oid.content));
  if (fields.peek() == der::boolean) {
    TRY(const auto flag, fields.next());
    if (flag.content.size() != 1 || (flag.content[0] != 0 && flag.content[0] != 0xFF))
      return malformed("whether the extension " + out.oid + " is critical is neither true nor false");
    out.critical = flag.content[0] != 0;
  }
  TRY(const auto value, fields.expect(der::octet_string));
  TRY_OK(fields.finish());
  out.value = value.content;
  return out;
}

Result<std::vector<Extension>> read_extensions(der::Reader& tbs) {
  TRY(auto wrapped, tbs.enter(extensions_tag));
  TRY(auto list, wrapped.enter(der::sequence));
  TRY_OK(wrapped.finish());
  if (list.empty()) return malformed("its list of extensions is empty");
  std::vector<Extension> out;
  while (!list.empty()) {
    if (out.size() == limits::certificate_extensions)
      return fail(Code::too_large,
                  "it has more than " + std::to_string(limits::certificate_extensions) + " extensions");
    TRY(const auto fields, list.enter(der::sequence));
    TRY(auto extension, read_extension(fields));
    if (std::ranges::find(out, extension.oid, &Extension::oid) != out.end())
      return malformed("the extension " + extension.oid + " stands twice");
    out.push_back(std::move(extension));
  }
  return out;
}

// The bit strings issuerUniqueID and subjectUniqueID, which nobody reads.
Result<void> skip_unique_ids(der::Reader& tbs) {
  for (const auto tag : {issuer_id_tag, subject_id_tag}) {
    if (tbs.peek() == tag) TRY_OK(tbs.next());
  }
  return {};
}

}  // namespace

// Reads the parts of one certificate into its state.
class Certificate::Parser {
 public:
  explicit Parser(State& state) : state_(state) {}

  Result<void> parse() {
    der::Reader outer(state_.der);
    TRY(auto fields, outer.enter(der::sequence));
    TRY_OK(outer.finish());
    auto ahead = fields;
    TRY(const auto tbs, ahead.expect(der::sequence));
    state_.tbs = tbs.whole;
    TRY(auto inside, fields.enter(der::sequence));
    TRY_OK(parse_tbs(inside));
    TRY(const auto algorithm, read_algorithm(fields));
    if (!same(algorithm, state_.algorithm)) return malformed("its two signature algorithms differ");
    TRY(const auto signature, fields.expect(der::bit_string));
    TRY(state_.signature, der::read_bit_string(signature.content));
    TRY_OK(fields.finish());
    return read_known();
  }

 private:
  Result<void> parse_tbs(der::Reader& in) {
    TRY(const int version, read_version(in));
    TRY(const auto serial, in.expect(der::integer));
    TRY(state_.serial, der::read_unsigned(serial.content));
    TRY(state_.algorithm, read_algorithm(in));
    TRY(state_.issuer, read_name(in));
    TRY(const auto validity, in.enter(der::sequence));
    TRY(state_.validity, internal::read_validity(validity));
    TRY(state_.subject, read_name(in));
    TRY(state_.spki, read_spki(in));
    if (version == 3) {
      TRY_OK(skip_unique_ids(in));
      if (!in.empty()) {
        TRY(state_.extensions, read_extensions(in));
      }
    }
    return in.finish();
  }

  // The extensions that this room understands.
  Result<void> read_known() {
    for (const auto& extension : state_.extensions) {
      if (auto read = read_one(extension); !read)
        return fail(read.error().code, "its extension " + extension.oid + " is broken", read.error().text());
    }
    return {};
  }

  Result<void> read_one(const Extension& extension) {
    if (extension.oid == "2.5.29.19") {
      TRY(state_.constraints, internal::read_basic_constraints(extension.value));
    } else if (extension.oid == "2.5.29.15") {
      TRY(state_.key_usage, internal::read_key_usage(extension.value));
    } else if (extension.oid == "2.5.29.37") {
      TRY(state_.extended_key_usage, internal::read_extended_key_usage(extension.value));
    } else if (extension.oid == "2.5.29.17") {
      TRY(state_.names, internal::read_general_names(extension.value));
    }
    return {};
  }

  State& state_;
};

Result<Certificate> Certificate::parse(BytesView der) {
  if (der.size() > limits::certificate_bytes)
    return fail(Code::too_large,
                "a certificate is larger than " + std::to_string(limits::certificate_bytes) + " bytes");
  const auto state = std::make_shared<State>();
  state->der.assign(der.begin(), der.end());
  if (auto parsed = Parser(*state).parse(); !parsed)
    return fail(parsed.error().code, "not a valid certificate", parsed.error().text());
  Certificate out;
  out.state_ = state;
  return out;
}

Result<std::vector<Certificate>> Certificate::parse_pem(std::string_view pem, std::string_view what) {
  const std::string subject(what);
  auto blocks = codec::pem::parse(pem, what);
  if (!blocks && blocks.error().code == Code::not_mine)
    return fail(Code::malformed, subject + " holds no certificate", "it is not PEM",
                "a certificate in PEM begins with -----BEGIN CERTIFICATE-----");
  if (!blocks) return fail(std::move(blocks).error());
  if (blocks->size() > limits::certificates)
    return fail(Code::too_large,
                subject + " holds more than " + std::to_string(limits::certificates) + " certificates");
  std::vector<Certificate> out;
  for (const auto& block : *blocks) {
    if (block.label != "CERTIFICATE")
      return fail(Code::malformed, subject + " holds something that is no certificate",
                  "the PEM type of block " + std::to_string(out.size() + 1) + " is \"" + block.label + "\"");
    auto certificate = parse(block.body);
    if (!certificate)
      return fail(certificate.error().wrap("certificate " + std::to_string(out.size() + 1) + " of " +
                                           subject + " cannot be used"));
    out.push_back(std::move(*certificate));
  }
  return out;
}

const Bytes& Certificate::der() const {
  return state_->der;
}
std::string Certificate::pem() const {
  return codec::pem::encode("CERTIFICATE", der());
}
BytesView Certificate::tbs() const {
  return state_->tbs;
}
BytesView Certificate::algorithm() const {
  return state_->algorithm;
}
BytesView Certificate::signature() const {
  return state_->signature;
}
BytesView Certificate::serial() const {
  return state_->serial;
}
BytesView Certificate::issuer_name() const {
  return state_->issuer;
}
BytesView Certificate::subject_name() const {
  return state_->subject;
}
std::string Certificate::issuer_text() const {
  return internal::name_text(issuer_name());
}
std::string Certificate::subject_text() const {
  return internal::name_text(subject_name());
}
const Validity& Certificate::validity() const {
  return state_->validity;
}
BytesView Certificate::spki() const {
  return state_->spki;
}

Result<PublicKey> Certificate::public_key() const {
  std::call_once(state_->key_once, [&] { state_->key.emplace(PublicKey::from_spki(spki())); });
  return *state_->key;
}

const std::vector<Extension>& Certificate::extensions() const {
  return state_->extensions;
}

const Extension* Certificate::extension(std::string_view oid) const {
  const auto found = std::ranges::find(extensions(), oid, &Extension::oid);
  return found == extensions().end() ? nullptr : &*found;
}

bool Certificate::is_ca() const {
  return state_->constraints.ca;
}
std::optional<std::uint32_t> Certificate::path_length() const {
  return state_->constraints.path_length;
}
const std::optional<KeyUsage>& Certificate::key_usage() const {
  return state_->key_usage;
}
bool Certificate::self_issued() const {
  return same(issuer_name(), subject_name());
}
const std::vector<GeneralName>& Certificate::names() const {
  return state_->names;
}
const std::vector<std::string>& Certificate::extended_key_usage() const {
  return state_->extended_key_usage;
}

}  // namespace sigstore::crypto::x509
