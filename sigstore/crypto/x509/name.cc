#include <array>

#include "sigstore/codec/hex.h"
#include "sigstore/codec/printable.h"
#include "sigstore/crypto/x509/internal/fields.h"

namespace sigstore::crypto::x509::internal {

namespace der = codec::der;

namespace {

constexpr std::uint8_t numeric_string = 0x12, printable_string = 0x13, teletex_string = 0x14,
                       ia5_string = 0x16, universal_string = 0x1C, bmp_string = 0x1E;

struct Attribute {
  der::Element type;
  der::Element value;
};

// Gives each attribute and whether it is the first of its set (RelativeDistinguishedName).
template <typename Visit>
Result<void> walk(BytesView name, Visit visit) {
  der::Reader outer(name);
  TRY(auto sets, outer.enter(der::sequence));
  TRY_OK(outer.finish());
  while (!sets.empty()) {
    TRY(auto set, sets.enter(der::set));
    if (set.empty()) return fail(Code::malformed, "a name has an empty part");
    for (bool first = true; !set.empty(); first = false) {
      TRY(auto pair, set.enter(der::sequence));
      TRY(const auto type, pair.expect(der::oid));
      TRY(const auto value, pair.next());
      TRY_OK(pair.finish());
      TRY_OK(visit(Attribute{type, value}, first));
    }
  }
  return {};
}

// The names that RFC 4514 and usage have for attributes.
std::string type_text(const std::string& oid) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> known = {{
      {"2.5.4.3", "CN"},
      {"2.5.4.4", "SN"},
      {"2.5.4.5", "serialNumber"},
      {"2.5.4.6", "C"},
      {"2.5.4.7", "L"},
      {"2.5.4.8", "ST"},
      {"2.5.4.9", "street"},
      {"2.5.4.10", "O"},
      {"2.5.4.11", "OU"},
      {"2.5.4.12", "title"},
      {"2.5.4.42", "GN"},
      {"2.5.4.97", "organizationIdentifier"},
      {"0.9.2342.19200300.100.1.25", "DC"},
      {"1.2.840.113549.1.9.1", "emailAddress"},
  }};
  for (const auto& [number, text] : known) {
    if (number == oid) return std::string(text);
  }
  return oid;
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (point >> shift & 0x3F)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | point >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (point >> 18 & 7));
    tail(12);
    tail(6);
    tail(0);
  }
}

// A string of `width` octets a character. What is no character becomes no UTF-8, and is shown as bytes.
std::string from_wide(BytesView content, std::size_t width) {
  std::string out;
  for (std::size_t at = 0; at + width <= content.size(); at += width) {
    std::uint32_t point = 0;
    for (const auto octet : content.subspan(at, width)) point = point << 8 | octet;
    append_utf8(out, point);
  }
  return out;
}

std::string value_text(const der::Element& value) {
  switch (value.tag) {
    case der::utf8_string:
    case numeric_string:
    case printable_string:
    case ia5_string:
      return to_text(value.content);
    case teletex_string:
      return from_wide(value.content, 1);
    case bmp_string:
      return from_wide(value.content, 2);
    case universal_string:
      return from_wide(value.content, 4);
    default:
      return "#" + codec::hex::encode(value.whole);
  }
}

std::string escaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool special = std::string_view(",+\"\\<>;").find(text[i]) != std::string_view::npos;
    const bool at_the_edge = text[i] == ' ' && (i == 0 || i + 1 == text.size());
    if (special || at_the_edge) out += '\\';
    out += text[i];
  }
  return codec::printable(out);
}

}  // namespace

Result<void> check_name(BytesView name) {
  return walk(name, [](const Attribute&, bool) { return Result<void>{}; });
}

std::string name_text(BytesView name) {
  std::string out;
  const auto walked = walk(name, [&](const Attribute& attribute, bool first) -> Result<void> {
    TRY(const auto oid, der::read_oid(attribute.type.content));
    if (!out.empty()) out += first ? ", " : " + ";
    out += type_text(oid) + "=" + escaped(value_text(attribute.value));
    return {};
  });
  return walked ? out : "#" + codec::hex::encode(name);
}

}  // namespace sigstore::crypto::x509::internal
