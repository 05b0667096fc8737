#include "sigstore/crypto/x509/sct.h"

#include <algorithm>
#include <optional>

#include "sigstore/base/limits.h"
#include "sigstore/codec/der.h"
#include "sigstore/crypto/hash.h"

namespace sigstore::crypto::x509 {

namespace der = codec::der;

namespace {

constexpr std::size_t log_id_bytes = 32;
constexpr std::uint8_t extensions_tag = 0xA3;
enum class Entry : std::uint8_t { certificate = 0, precertificate = 1 };

std::unexpected<Error> malformed(std::string cause) {
  return fail(Code::malformed, "not a valid signed certificate timestamp", std::move(cause));
}

// TLS encoding (RFC 5246, 4): numbers big-endian, a vector led by its length.
class TlsReader {
 public:
  explicit TlsReader(BytesView input) : rest_(input) {}
  [[nodiscard]] bool empty() const { return rest_.empty(); }

  Result<BytesView> bytes(std::size_t count) {
    if (count > rest_.size()) return malformed("it is cut short");
    const auto out = rest_.first(count);
    rest_ = rest_.subspan(count);
    return out;
  }
  Result<std::uint64_t> number(std::size_t octets) {
    TRY(const auto digits, bytes(octets));
    std::uint64_t value = 0;
    for (const auto digit : digits) value = value << 8 | digit;
    return value;
  }
  Result<BytesView> vector() {  // <0..2^16-1>
    TRY(const auto size, number(2));
    return bytes(size);
  }
  Result<void> finish() const {
    if (!rest_.empty()) return malformed(std::to_string(rest_.size()) + " bytes are left over");
    return {};
  }

 private:
  BytesView rest_;
};

class TlsWriter {
 public:
  void number(std::uint64_t value, std::size_t octets) {
    for (; octets != 0; --octets) out_.push_back(static_cast<std::uint8_t>(value >> 8 * (octets - 1)));
  }
  void bytes(BytesView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void vector(BytesView content, std::size_t octets) {
    number(content.size(), octets);
    bytes(content);
  }
  Bytes take() { return std::move(out_); }

 private:
  Bytes out_;
};

Result<Time> time_of(std::uint64_t milliseconds) {
  constexpr auto last = std::chrono::floor<std::chrono::milliseconds>(Time::max().time_since_epoch()).count();
  if (milliseconds > static_cast<std::uint64_t>(last)) return malformed("its time is beyond the year 2261");
  return Time(std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds)));
}

// What both forms sign, around the entry itself (RFC 6962, 3.2).
Bytes signed_data(const Sct& sct, Entry type, BytesView entry_head, BytesView entry) {
  TlsWriter out;
  out.number(0, 1);  // v1
  out.number(0, 1);  // certificate_timestamp
  out.number(sct.milliseconds, 8);
  out.number(static_cast<std::uint8_t>(type), 2);
  out.bytes(entry_head);
  out.vector(entry, 3);
  out.vector(sct.extensions, 2);
  return out.take();
}

// The scheme that a pair of TLS 1.2 algorithms names (RFC 5246, 7.4.1.4.1; RFC 8422, 5.1.3).
std::optional<Scheme> scheme_of(const Sct& sct, KeyType type) {
  constexpr std::uint8_t rsa = 1, ecdsa = 3, ed25519 = 7, intrinsic = 8, sha256 = 4, sha384 = 5, sha512 = 6;
  if (type == KeyType::ed25519) {
    const bool named = sct.signature_algorithm == ed25519 && sct.hash == intrinsic;
    return named ? std::optional(Scheme::ed25519) : std::nullopt;
  }
  if (sct.signature_algorithm != (type == KeyType::rsa ? rsa : ecdsa)) return std::nullopt;
  const bool is_rsa = type == KeyType::rsa;
  switch (sct.hash) {
    case sha256:
      return is_rsa ? Scheme::rsa_pkcs1_sha256 : Scheme::ecdsa_sha256;
    case sha384:
      return is_rsa ? Scheme::rsa_pkcs1_sha384 : Scheme::ecdsa_sha384;
    case sha512:
      return is_rsa ? Scheme::rsa_pkcs1_sha512 : Scheme::ecdsa_sha512;
    default:
      return std::nullopt;
  }
}

Result<void> verify(const Sct& sct, BytesView data, const PublicKey& log) {
  if (!std::ranges::equal(sha256(log.spki()), sct.log_id))
    return fail(Code::mismatch, "the signed certificate timestamp is by another log");
  const auto scheme = scheme_of(sct, log.type());
  if (!scheme)
    return fail(
        Code::unsupported, "the signed certificate timestamp is signed with another algorithm than its log's",
        "hash " + std::to_string(sct.hash) + " and signature " + std::to_string(sct.signature_algorithm) +
            " of TLS, with a key of type " + std::string(name(log.type())));
  if (auto verified = log.verify(*scheme, data, sct.signature); !verified)
    return fail(verified.error().code, "the signature of the signed certificate timestamp does not verify");
  return {};
}

}  // namespace

Result<Sct> parse_sct(BytesView tls) {
  TlsReader in(tls);
  TRY(const auto version, in.number(1));
  if (version != 0)
    return fail(Code::unsupported, "a signed certificate timestamp of an unknown version",
                "version " + std::to_string(version + 1) + " of RFC 6962, of which version 1 is known");
  Sct out;
  TRY(const auto log_id, in.bytes(log_id_bytes));
  TRY(out.milliseconds, in.number(8));
  TRY(out.at, time_of(out.milliseconds));
  TRY(const auto extensions, in.vector());
  TRY(const auto hash, in.number(1));
  TRY(const auto algorithm, in.number(1));
  TRY(const auto signature, in.vector());
  TRY_OK(in.finish());
  out.log_id.assign(log_id.begin(), log_id.end());
  out.extensions.assign(extensions.begin(), extensions.end());
  out.hash = static_cast<std::uint8_t>(hash);
  out.signature_algorithm = static_cast<std::uint8_t>(algorithm);
  out.signature.assign(signature.begin(), signature.end());
  return out;
}

Bytes encode_sct(const Sct& sct) {
  TlsWriter out;
  out.number(0, 1);
  out.bytes(sct.log_id);
  out.number(sct.milliseconds, 8);
  out.vector(sct.extensions, 2);
  out.number(sct.hash, 1);
  out.number(sct.signature_algorithm, 1);
  out.vector(sct.signature, 2);
  return out.take();
}

Result<std::vector<Sct>> embedded_scts(const Certificate& leaf) {
  const auto* extension = leaf.extension(sct_list_oid);
  if (extension == nullptr) return std::vector<Sct>();
  der::Reader outer(extension->value);
  auto octets = outer.expect(der::octet_string);
  if (!octets) return malformed(octets.error().text());
  if (auto end = outer.finish(); !end) return malformed(end.error().text());
  TlsReader wrapped(octets->content);
  TRY(const auto content, wrapped.vector());
  TRY_OK(wrapped.finish());
  TlsReader list(content);
  if (list.empty()) return malformed("the list in the certificate is empty");
  std::vector<Sct> out;
  while (!list.empty()) {
    if (out.size() == limits::scts)
      return fail(Code::too_large, "a certificate has more than " + std::to_string(limits::scts) +
                                       " signed certificate timestamps");
    TRY(const auto one, list.vector());
    TRY(out.emplace_back(), parse_sct(one));
  }
  return out;
}

Bytes encode_sct_list(const std::vector<Sct>& scts) {
  TlsWriter list;
  for (const auto& sct : scts) list.vector(encode_sct(sct), 2);
  TlsWriter whole;
  whole.vector(list.take(), 2);
  return der::encode(der::octet_string, BytesView(whole.take()));
}

// Only the SCT list goes, and the lengths around it change; all else stays octet for octet. A list of
// extensions that would be empty goes with it.
Result<Bytes> precertificate_tbs(const Certificate& leaf) {
  der::Reader outer(leaf.tbs());
  TRY(auto fields, outer.enter(der::sequence));
  std::vector<Bytes> kept;
  bool removed = false;
  while (!fields.empty()) {
    if (fields.peek() != extensions_tag) {
      TRY(const auto field, fields.next());
      kept.emplace_back(field.whole.begin(), field.whole.end());
      continue;
    }
    TRY(auto wrapped, fields.enter(extensions_tag));
    TRY(auto list, wrapped.enter(der::sequence));
    std::vector<Bytes> extensions;
    while (!list.empty()) {
      TRY(const auto extension, list.expect(der::sequence));
      TRY(const auto oid_element, der::Reader(extension.content).expect(der::oid));
      TRY(const auto oid, der::read_oid(oid_element.content));
      if (oid == sct_list_oid)
        removed = true;
      else
        extensions.emplace_back(extension.whole.begin(), extension.whole.end());
    }
    if (!extensions.empty())
      kept.push_back(der::encode(extensions_tag, BytesView(der::encode(der::sequence, extensions))));
  }
  if (!removed) return fail(Code::not_found, "the certificate has no list of signed certificate timestamps");
  return der::encode(der::sequence, kept);
}

Bytes signed_data_embedded(const Sct& sct, BytesView precertificate_tbs, BytesView issuer_spki) {
  return signed_data(sct, Entry::precertificate, sha256(issuer_spki), precertificate_tbs);
}

Bytes signed_data_detached(const Sct& sct, const Certificate& leaf) {
  return signed_data(sct, Entry::certificate, {}, leaf.der());
}

Result<void> verify_embedded(const Sct& sct, const Certificate& leaf, const Certificate& issuer,
                             const PublicKey& log) {
  TRY(const auto tbs, precertificate_tbs(leaf));
  return verify(sct, signed_data_embedded(sct, tbs, issuer.spki()), log);
}

Result<void> verify_detached(const Sct& sct, const Certificate& leaf, const PublicKey& log) {
  return verify(sct, signed_data_detached(sct, leaf), log);
}

}  // namespace sigstore::crypto::x509
