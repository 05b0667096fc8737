#include "cosign/signing/signing_flags.h"

#include "cosign/options/key_help.h"
#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
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

// What belongs to certificates, identities and services. With a key and no log these have no effect.
void declare_without_effect(LaterFlags& later, FlagSet& flags) {
  const auto ignored = LaterFlags::Effect::ignored;
  later.declare(flags, ignored, "rekor-url", "URL", "transparency log; not used without a log");
  later.declare(flags, ignored, "fulcio-url", "URL", "certificate authority; not used with --key");
  later.declare(flags, ignored, "fulcio-auth-flow", "FLOW", "not used with --key");
  later.declare(flags, ignored, "identity-token", "TOKEN", "not used with --key");
  later.declare(flags, ignored, "insecure-skip-verify", "", "has no effect, as in the real one");
  later.declare(flags, ignored, "oidc-issuer", "URL", "not used with --key");
  later.declare(flags, ignored, "oidc-client-id", "ID", "not used with --key");
  later.declare(flags, ignored, "oidc-client-secret-file", "FILE", "not used with --key");
  later.declare(flags, ignored, "oidc-redirect-url", "URL", "not used with --key");
  later.declare(flags, ignored, "oidc-provider", "NAME", "not used with --key");
  later.declare(flags, ignored, "oidc-disable-ambient-providers", "", "not used with --key");
  later.declare(flags, ignored, "trusted-root", "FILE", "not used without a log");
}

void declare_refused(LaterFlags& later, FlagSet& flags) {
  const auto refused = LaterFlags::Effect::refused;
  later.declare(flags, refused, "sk", "", "sign with a hardware token", instead_of_sk);
  later.declare(flags, refused, "slot", "NAME", "slot of the hardware token");
  later.declare(flags, refused, "certificate", "FILE", "certificate to store with the signature");
  later.declare(flags, refused, "certificate-chain", "FILE", "its chain");
  later.declare(flags, refused, "output-certificate", "FILE", "write the certificate");
  later.declare(flags, refused, "issue-certificate", "", "get a certificate although there is a key");
  later.declare(flags, refused, "timestamp-server-url", "URL", "get a signed timestamp");
  later.declare(flags, refused, "timestamp-client-cacert", "FILE", "TLS for the timestamp server");
  later.declare(flags, refused, "timestamp-client-cert", "FILE", "TLS for the timestamp server");
  later.declare(flags, refused, "timestamp-client-key", "FILE", "TLS for the timestamp server");
  later.declare(flags, refused, "timestamp-server-name", "NAME", "TLS for the timestamp server");
}

}  // namespace

void SigningFlags::declare(FlagSet& flags) {
  flags.text("key", &key, "KEY", key_help("private key")).takes = Takes::private_key;
  flags.boolean("yes", &yes, "answer every question with yes", 'y');
  flags.boolean("tlog-upload", &tlog_upload,
                "write to the transparency log; `=false` signs without any service");
}

void SigningFlags::declare_rest(FlagSet& flags) {
  key_set.declare(flags);
  const auto compatibility = Section::compatibility;
  flags
      .boolean("use-signing-config", &use_signing_config,
               "services from the trust root; not used without a log")
      .section = compatibility;
  flags.text("signing-config", &signing_config, "FILE", "services to use; one that names no log means no log")
      .section = compatibility;
  flags.boolean("no-tlog-upload", &no_tlog_upload, "the same as --tlog-upload=false, as cosign 1 spells it")
      .section = compatibility;
  declare_without_effect(later, flags);
  declare_refused(later, flags);
}

Result<bool> SigningFlags::without_log(sigstore::Files& files) const {
  if (!tlog_upload || no_tlog_upload) return true;
  if (signing_config.empty()) return false;
  return config_without_log(signing_config, files);
}

Result<void> SigningFlags::check(sigstore::Files& files, const std::string& command,
                                 const std::string& arguments) const {
  TRY(const bool no_log, without_log(files));
  if (key.empty())
    return fail(
        Code::unsupported, "signing without --key needs a certificate, which this version cannot get", {},
        "cosign generate-key-pair\ncosign " + command + " --key cosign.key --tlog-upload=false " + arguments);
  if (!no_log)
    return fail(Code::unsupported, "writing to a transparency log is not supported by this version",
                "without --tlog-upload=false the signature would have to be logged",
                "add --tlog-upload=false to sign without a log, for a private registry");
  return later.refuse();
}

}  // namespace cosign
