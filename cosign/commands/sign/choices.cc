#include "cosign/commands/sign/choices.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::store::Format;
namespace json = sigstore::codec::json;

constexpr std::string_view signing_config_type = "application/vnd.dev.sigstore.signingconfig.v0.2+json";

bool names_services(const json::Object& config, std::string_view member) {
  const json::Value* urls = config.find(member);
  return urls != nullptr && urls->array() != nullptr && !urls->array()->empty();
}

// True when the file names no log.
Result<bool> config_without_log(const std::string& path, sigstore::Files& files) {
  auto text = files.read(path, sigstore::limits::json_bytes);
  if (!text) return fail(text.error().wrap("cannot read the signing config " + path));
  TRY(const auto document, json::parse(*text, path));
  TRY(const json::Object* config, json::need_object(document, path));
  TRY(const std::string type, json::need_string(*config, "mediaType", path));
  if (type != signing_config_type)
    return fail(Code::unsupported, path + " is not a signing config that can be read here",
                "its mediaType is " + type + ", not " + std::string(signing_config_type));
  if (names_services(*config, "tsaUrls"))
    return fail(Code::unsupported, path + " asks for signed timestamps, which this version cannot get", {},
                "take tsaUrls out of it, or sign with --tlog-upload=false and no --signing-config");
  return !names_services(*config, "rekorTlogUrls");
}

}  // namespace

Result<bool> without_log(const SignFlags& flags, sigstore::Files& files) {
  if (!flags.tlog_upload || flags.no_tlog_upload) return true;
  if (flags.signing_config.empty()) return false;
  return config_without_log(flags.signing_config, files);
}

std::vector<Format> formats_to_store(const SignFlags& flags, bool new_bundle_format_given) {
  if (flags.signature_format == "both") return {Format::simple_signing, Format::bundle};
  if (flags.signature_format == "bundle") return {Format::bundle};
  if (flags.signature_format == "sig") return {Format::simple_signing};
  if (new_bundle_format_given) return {flags.new_bundle_format ? Format::bundle : Format::simple_signing};
  if (flags.referrers_mode == "oci-1-1") return {Format::bundle};
  return {Format::simple_signing};
}

}  // namespace cosign
