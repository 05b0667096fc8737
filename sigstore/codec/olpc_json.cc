#include "sigstore/codec/olpc_json.h"

#include <algorithm>

#include "sigstore/codec/json_scan.h"

namespace sigstore::codec::json {
namespace {

std::unexpected<Error> no_form(std::string_view what, std::string cause = {}) {
  return fail(Code::malformed, std::string(what) + " has no canonical JSON", std::move(cause));
}

// -?(0|[1-9][0-9]*), of any length. Zero has no sign.
Result<void> append_number(std::string& out, const std::string& text) {
  std::string_view digits(text);
  if (digits.starts_with('-')) digits.remove_prefix(1);
  const bool integer = !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos &&
                       (digits[0] != '0' || digits.size() == 1);
  if (!integer) return no_form("the number " + text.substr(0, 64), "it is no integer");
  out += digits == "0" ? digits : std::string_view(text);
  return {};
}

Result<void> append_text(std::string& out, std::string_view text) {
  if (!is_utf8(text)) return no_form("text that is not UTF-8");
  out += '"';
  while (!text.empty()) {
    const auto plain = std::min(text.find_first_of("\\\""), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    out += {'\\', text[0]};
    text.remove_prefix(1);
  }
  out += '"';
  return {};
}

class Writer {
 public:
  Result<void> append(const Value& value, std::size_t depth) {
    if (depth > limits::json_depth) return fail(Code::too_large, "the JSON value is nested too deeply");
    if (const auto* text = value.string()) return append_text(out, *text);
    if (const auto* number = value.number()) return append_number(out, number->text);
    if (const auto* array = value.array()) return append_array(*array, depth);
    if (const auto* object = value.object()) return append_object(*object, depth);
    const bool* boolean = value.boolean();
    out += boolean == nullptr ? "null" : *boolean ? "true" : "false";
    return {};
  }

  std::string out;

 private:
  Result<void> append_array(const Array& array, std::size_t depth) {
    out += '[';
    for (const auto& value : array) {
      if (&value != array.data()) out += ',';
      TRY_OK(append(value, depth + 1));
    }
    out += ']';
    return {};
  }

  Result<void> append_object(const Object& object, std::size_t depth) {
    std::vector<const Member*> members;
    members.reserve(object.size());
    for (const auto& member : object.members()) members.push_back(&member);
    std::ranges::sort(members, {}, &Member::key);
    const auto same = [](const Member* a, const Member* b) { return a->key == b->key; };
    if (std::ranges::adjacent_find(members, same) != members.end())
      return no_form("an object with a name that stands twice");
    out += '{';
    for (const Member* member : members) {
      if (member != members.front()) out += ',';
      TRY_OK(append_text(out, member->key));
      out += ':';
      TRY_OK(append(member->value, depth + 1));
    }
    out += '}';
    return {};
  }
};

}  // namespace

Result<std::string> write_olpc(const Value& value) {
  Writer writer;
  TRY_OK(writer.append(value, 0));
  return std::move(writer.out);
}

std::string olpc_as_json(std::string_view olpc) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(olpc.size() + olpc.size() / 16);
  for (const char c : olpc) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += {digits[byte >> 4U], digits[byte & 15U]};
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace sigstore::codec::json
