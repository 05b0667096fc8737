#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/codec/json_scan.h"
#include "sigstore/crypto/x509/fulcio.h"
#include "sigstore/crypto/x509/internal/fields.h"

namespace sigstore::crypto::x509 {

namespace der = codec::der;

std::string_view name(GeneralName::Kind kind) {
  static constexpr std::array<std::string_view, 5> names = {"email", "dns", "uri", "ip", "other"};
  return names[static_cast<std::size_t>(kind)];
}

namespace internal {
namespace {

// GeneralName: the choices that are read, and those that are left out (x400Address, directoryName,
// ediPartyName, registeredID).
constexpr std::uint8_t other_name = 0xA0, rfc822_name = 0x81, dns_name = 0x82,
                       uniform_resource_identifier = 0x86, ip_address = 0x87;
constexpr std::array<std::uint8_t, 4> left_out = {0xA3, 0xA4, 0xA5, 0x88};

// The sequence that is all of an extension's value.
Result<der::Reader> open(BytesView value) {
  der::Reader outer(value);
  TRY(const auto inside, outer.enter(der::sequence));
  TRY_OK(outer.finish());
  return inside;
}

Result<bool> read_boolean(der::Reader& in) {
  TRY(const auto element, in.expect(der::boolean));
  const auto content = element.content;
  if (content.size() != 1 || (content[0] != 0 && content[0] != 0xFF))
    return fail(Code::malformed, "a boolean is neither true nor false");
  return content[0] != 0;
}

Result<std::uint32_t> read_small_number(der::Reader& in) {
  TRY(const auto element, in.expect(der::integer));
  TRY(const auto magnitude, der::read_unsigned(element.content));
  if (magnitude.size() > 3) return fail(Code::malformed, "a path length is too large");
  std::uint32_t value = 0;
  for (const auto octet : magnitude) value = value << 8 | octet;
  return value;
}

// IA5String, and printable: what is compared with an identity has no control character.
Result<std::string> read_ia5(BytesView content) {
  const bool good = std::ranges::all_of(content, [](auto octet) { return octet >= 0x20 && octet < 0x7F; });
  if (!good || content.empty())
    return fail(Code::malformed, "a subject alternative name is empty or not printable ASCII");
  return to_text(content);
}

Result<std::string> read_ip(BytesView content) {
  if (content.size() != 4 && content.size() != 16)
    return fail(Code::malformed, "an IP address has neither 4 nor 16 octets");
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(content.size() == 4 ? AF_INET : AF_INET6, content.data(), text.data(), text.size());
  return std::string(text.data());
}

// The text of Fulcio's otherName; nullopt for another one.
Result<std::optional<std::string>> read_other(const der::Element& name) {
  der::Reader in(name.content);
  TRY(const auto type, in.expect(der::oid));
  TRY(const auto oid, der::read_oid(type.content));
  TRY(auto wrapped, in.enter(0xA0));
  TRY_OK(in.finish());
  if (oid != fulcio::other_name) return std::nullopt;
  TRY(const auto value, wrapped.expect(der::utf8_string));
  TRY_OK(wrapped.finish());
  if (value.content.empty() || !codec::json::is_utf8(as_text(value.content)))
    return fail(Code::malformed, "the Fulcio otherName is empty or not UTF-8");
  return to_text(value.content);
}

Result<std::optional<GeneralName>> read_general_name(const der::Element& name) {
  using Kind = GeneralName::Kind;
  const auto as = [](Kind kind, Result<std::string> value) -> Result<std::optional<GeneralName>> {
    if (!value) return fail(std::move(value).error());
    return GeneralName{kind, std::move(*value)};
  };
  switch (name.tag) {
    case rfc822_name:
      return as(Kind::email, read_ia5(name.content));
    case dns_name:
      return as(Kind::dns, read_ia5(name.content));
    case uniform_resource_identifier:
      return as(Kind::uri, read_ia5(name.content));
    case ip_address:
      return as(Kind::ip, read_ip(name.content));
    case other_name: {
      TRY(auto text, read_other(name));
      if (!text) return std::nullopt;
      return as(Kind::other, std::move(*text));
    }
    default:
      if (std::ranges::find(left_out, name.tag) == left_out.end())
        return fail(Code::malformed, "a subject alternative name is of no known kind");
      return std::nullopt;
  }
}

}  // namespace

Result<BasicConstraints> read_basic_constraints(BytesView value) {
  TRY(auto in, open(value));
  BasicConstraints out;
  if (in.peek() == der::boolean) {
    TRY(out.ca, read_boolean(in));
  }
  if (in.peek() == der::integer) {
    TRY(out.path_length, read_small_number(in));
  }
  TRY_OK(in.finish());
  return out;
}

// A named bit list: bit 0 is the first octet's highest.
Result<KeyUsage> read_key_usage(BytesView value) {
  der::Reader in(value);
  TRY(const auto element, in.expect(der::bit_string));
  TRY_OK(in.finish());
  const auto content = element.content;
  if (content.size() < 2 || content.size() > 3 || content[0] > 7)
    return fail(Code::malformed, "the key usage is no list of bits");
  if ((content.back() & ((1U << content[0]) - 1)) != 0)
    return fail(Code::malformed, "the key usage has bits beyond its end");
  const auto bit = [&](unsigned number) {
    const auto octet = 1 + number / 8;
    return octet < content.size() && (content[octet] >> (7 - number % 8) & 1) != 0;
  };
  return KeyUsage{.digital_signature = bit(0), .content_commitment = bit(1), .key_cert_sign = bit(5)};
}

Result<std::vector<std::string>> read_extended_key_usage(BytesView value) {
  TRY(auto in, open(value));
  std::vector<std::string> out;
  while (!in.empty()) {
    TRY(const auto element, in.expect(der::oid));
    TRY(out.emplace_back(), der::read_oid(element.content));
  }
  if (out.empty()) return fail(Code::malformed, "the extended key usage is empty");
  return out;
}

Result<std::vector<GeneralName>> read_general_names(BytesView value) {
  TRY(auto in, open(value));
  if (in.empty()) return fail(Code::malformed, "the subject alternative names are empty");
  std::vector<GeneralName> out;
  for (std::size_t count = 0; !in.empty(); ++count) {
    if (count == limits::certificate_names)
      return fail(Code::too_large,
                  "more than " + std::to_string(limits::certificate_names) + " subject alternative names");
    TRY(const auto element, in.next());
    TRY(auto name, read_general_name(element));
    if (name) out.push_back(std::move(*name));
  }
  return out;
}

}  // namespace internal
}  // namespace sigstore::crypto::x509
