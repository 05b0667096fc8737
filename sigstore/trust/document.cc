#include "sigstore/trust/document.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/proto_fields.h"

namespace sigstore::trust {

namespace json = codec::json;
namespace proto_json = codec::proto_json;

namespace {

Result<void> check_media_type(const json::Value& document, std::string_view what, const Form& form) {
  const auto* found = document.get("mediaType");
  if (found == nullptr) found = document.get("media_type");
  const auto* text = found == nullptr ? nullptr : found->string();
  const std::string title(form.title);
  if (text == nullptr || text->empty()) {
    return fail(Code::unsupported, std::string(what) + " is not " + title, "it has no mediaType",
                title + " says " + std::string(form.media_type));
  }
  if (*text == form.media_type) return {};
  return fail(Code::unsupported, std::string(what) + " is not " + title + " that can be read",
              "its mediaType is " + json::quote(std::string_view(*text).substr(0, 100)),
              title + " says " + std::string(form.media_type));
}

}  // namespace

Result<json::Value> read_document(std::string_view text, std::string_view what, const Form& form) {
  json::ParseOptions options;
  options.max_bytes = limits::trusted_root_bytes;
  TRY(auto document, json::parse(text, what, options));
  TRY_OK(check_media_type(document, what, form));
  auto message = proto_json::normalize(std::move(document), form.message, "it");
  if (message) return message;
  auto why = message.error().text();  // "it: tlogs[1]: …", or "it has …"
  if (why.starts_with("it: ")) why.erase(0, 4);
  return malformed(what, form, why);
}

std::unexpected<Error> malformed(std::string_view what, const Form& form, std::string why) {
  auto title = form.title;  // "a trusted root"
  title.remove_prefix(title.find(' ') + 1);
  return fail(Code::malformed, std::string(what) + " is not a valid " + std::string(title), std::move(why));
}

std::unexpected<Error> too_many(std::string_view what, std::string_view list, std::size_t count) {
  return fail(Code::too_large, std::string(what) + " has too many " + std::string(list),
              std::to_string(count) + " > " + std::to_string(limits::trusted_parties));
}

Result<TimeRange> read_range(const json::Object& message) {
  const auto* range = proto_json::object_at(message, "validFor");
  if (range == nullptr) return TimeRange{};
  const TimeRange out{proto_json::time_at(*range, "start"), proto_json::time_at(*range, "end")};
  if (out.start && out.end && *out.end < *out.start)
    return fail(Code::malformed, "its validity ends before it starts");
  return out;
}

void append_range(json::Object& out, const TimeRange& range) {
  json::Object field;
  if (range.start) field.append("start", proto_json::timestamp(*range.start));
  if (range.end) field.append("end", proto_json::timestamp(*range.end));
  out.append("validFor", std::move(field));
}

void append_text(json::Object& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out.append(std::string(name), text);
}

}  // namespace sigstore::trust
