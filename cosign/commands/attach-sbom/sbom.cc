#include "cosign/commands/attach-sbom/sbom.h"

#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/codec/json_scan.h"

namespace cosign::attach_sbom {
namespace {

namespace json = sigstore::codec::json;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

struct Form {
  std::string_view type, format, media_type;
};
constexpr std::array<Form, 5> forms = {{{"spdx", "text", "text/spdx"},
                                        {"spdx", "json", "text/spdx+json"},
                                        {"cyclonedx", "xml", "application/vnd.cyclonedx+xml"},
                                        {"cyclonedx", "json", "application/vnd.cyclonedx+json"},
                                        {"syft", "json", "application/vnd.syft+json"}}};

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view white = " \t\r\n";

std::string_view body(std::string_view content) {
  if (content.starts_with(byte_order_mark)) content.remove_prefix(byte_order_mark.size());
  const auto first = content.find_first_not_of(white);
  return first == std::string_view::npos ? std::string_view() : content.substr(first);
}

std::string_view format_of(std::string_view content) {
  const auto text = body(content);
  return text.starts_with('{') ? "json" : text.starts_with('<') ? "xml" : "text";
}

std::string formats_of(std::string_view type) {
  std::string all;
  for (const Form& form : forms)
    if (form.type == type) all += (all.empty() ? "" : ", ") + std::string(form.format);
  return all;
}

Result<void> check_json(std::string_view content, const std::string& path) {
  TRY(const auto scanned, json::scan(content, path, {}, {.max_bytes = sigstore::limits::sbom_bytes}));
  if (scanned.root.kind == json::Kind::object) return {};
  return fail(Code::malformed, path + " is no SBOM", "it is JSON, but not an object");
}

Result<void> check(std::string_view format, std::string_view content, const std::string& path) {
  if (format == "json") return check_json(content, path);
  if (format == "xml" && body(content).starts_with('<')) return {};
  if (format == "text" && json::is_utf8(content) && content.contains("SPDXVersion:")) return {};
  return fail(Code::malformed, path + " is no SBOM",
              format == "xml" ? "it is not XML" : "it is a text that names no SPDXVersion",
              "--type spdx, cyclonedx or syft says what it is");
}

}  // namespace

Result<std::string> media_type_of(const Asked& asked, std::string_view content) {
  if (body(content).empty()) return fail(Code::malformed, asked.path + " is no SBOM", "it is empty");
  const auto format = asked.input_format.empty() ? format_of(content) : std::string_view(asked.input_format);
  for (const Form& form : forms) {
    if (form.type != asked.type || form.format != format) continue;
    TRY_OK(check(format, content, asked.path));
    return std::string(form.media_type);
  }
  if (!asked.input_format.empty())
    return fail(Code::invalid_argument,
                "invalid SBOM input format for --type " + asked.type + ": " + asked.input_format,
                "expected " + formats_of(asked.type));
  return fail(Code::malformed, asked.path + " is no SBOM of type " + asked.type,
              "it is " + std::string(format) + ", and expected is " + formats_of(asked.type),
              "--type spdx, cyclonedx or syft says what it is");
}

std::string attest_type(std::string_view media_type) {
  if (media_type == "text/spdx") return "spdx";
  if (media_type == "text/spdx+json") return "spdxjson";
  return media_type == "application/vnd.cyclonedx+json" ? "cyclonedx" : "custom";
}

}  // namespace cosign::attach_sbom
