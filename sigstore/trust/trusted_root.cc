#include "sigstore/trust/trusted_root.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/proto_fields.h"
#include "sigstore/trust/document.h"
#include "sigstore/trust/schema.h"

namespace sigstore::trust {

namespace json = codec::json;
using codec::base64::encode;
using namespace codec::proto_json;

namespace {

constexpr Form form{"a trusted root", trusted_root_media_type, trusted_root_message};

std::unexpected<Error> lacks(std::string_view thing) {
  return fail(Code::malformed, std::string(thing) + " is missing");
}

// --- reading: the message of an error is what is wrong with this one party

Result<Log> read_one(const json::Object& message, Log) {
  Log out;
  out.base_url = text_at(message, "baseUrl");
  out.operator_name = text_at(message, "operator");
  const auto* id = object_at(message, "logId");
  if (id != nullptr) out.log_id = bytes_at(*id, "keyId");
  if (out.log_id.empty()) return lacks("its logId");
  if (const auto* checkpoint = object_at(message, "checkpointKeyId"))
    out.checkpoint_key_id = bytes_at(*checkpoint, "keyId");
  const auto hash = text_at(message, "hashAlgorithm");
  if (hash != "SHA2_256") {
    return fail(Code::unsupported, hash.empty() ? "its hashAlgorithm is missing"
                                                : "its hashAlgorithm " + hash + " is not supported");
  }
  const auto* key = object_at(message, "publicKey");
  if (key != nullptr) out.raw_key = bytes_at(*key, "rawBytes");
  if (out.raw_key.empty()) return lacks("its publicKey");
  out.key_details = text_at(*key, "keyDetails");
  TRY(out.valid, read_range(*key));
  if (!out.valid.start) return lacks("the start of its key's validity");
  return out;
}

Result<CertificateAuthority> read_one(const json::Object& message, CertificateAuthority) {
  CertificateAuthority out;
  if (const auto* subject = object_at(message, "subject")) {
    out.organization = text_at(*subject, "organization");
    out.common_name = text_at(*subject, "commonName");
  }
  out.uri = text_at(message, "uri");
  out.operator_name = text_at(message, "operator");
  TRY(out.valid, read_range(message));
  const auto* chain = object_at(message, "certChain");
  const auto list = chain == nullptr ? std::span<const json::Value>() : list_at(*chain, "certificates");
  if (list.empty()) return fail(Code::malformed, "its certificate chain is empty");
  if (list.size() > limits::certificates) {
    return fail(Code::too_large, "its certificate chain is too long",
                std::to_string(list.size()) + " > " + std::to_string(limits::certificates));
  }
  for (const auto& element : list) {
    TRY(auto certificate, crypto::x509::Certificate::parse(bytes_at(*element.object(), "rawBytes")));
    out.chain.push_back(std::move(certificate));
  }
  return out;
}

template <typename Party>
Result<std::vector<Party>> read_all(const json::Object& document, std::string_view name,
                                    std::string_view what) {
  const auto list = list_at(document, name);
  if (list.size() > limits::trusted_parties) return too_many(what, name, list.size());
  std::vector<Party> out;
  out.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto party = read_one(*list[i].object(), Party());
    if (!party) {
      auto error = party.error();
      const auto cause = std::string(name) + "[" + std::to_string(i) + "]: " + error.text();
      auto refusal = malformed(what, form, cause).error();
      refusal.code = error.code;
      return fail(std::move(refusal));
    }
    out.push_back(std::move(*party));
  }
  return out;
}

// --- writing

json::Object as_json(const Log& log) {
  json::Object key{{"rawBytes", encode(log.raw_key)}};
  const bool number = log.key_details.find_first_not_of("-0123456789") == std::string::npos;
  if (number && !log.key_details.empty()) {
    key.append("keyDetails", json::Number{log.key_details});
  } else {
    append_text(key, "keyDetails", log.key_details);
  }
  append_range(key, log.valid);
  json::Object out;
  append_text(out, "baseUrl", log.base_url);
  out.append("hashAlgorithm", "SHA2_256");
  out.append("publicKey", std::move(key));
  out.append("logId", json::Object{{"keyId", encode(log.log_id)}});
  if (!log.checkpoint_key_id.empty())
    out.append("checkpointKeyId", json::Object{{"keyId", encode(log.checkpoint_key_id)}});
  append_text(out, "operator", log.operator_name);
  return out;
}

json::Object as_json(const CertificateAuthority& authority) {
  json::Object subject;
  append_text(subject, "organization", authority.organization);
  append_text(subject, "commonName", authority.common_name);
  json::Array certificates;
  for (const auto& certificate : authority.chain)
    certificates.emplace_back(json::Object{{"rawBytes", encode(certificate.der())}});
  json::Object out{{"subject", std::move(subject)}};
  append_text(out, "uri", authority.uri);
  out.append("certChain", json::Object{{"certificates", std::move(certificates)}});
  append_range(out, authority.valid);
  append_text(out, "operator", authority.operator_name);
  return out;
}

template <typename Party>
void append_all(json::Object& out, std::string name, const std::vector<Party>& parties) {
  if (parties.empty()) return;
  json::Array list;
  for (const auto& party : parties) list.emplace_back(as_json(party));
  out.append(std::move(name), std::move(list));
}

}  // namespace

Result<TrustedRoot> TrustedRoot::parse(std::string_view text, std::string_view what) {
  TRY(const auto document, read_document(text, what, form));
  const auto& message = *document.object();
  TrustedRoot out;
  TRY(out.tlogs, read_all<Log>(message, "tlogs", what));
  TRY(out.certificate_authorities, read_all<CertificateAuthority>(message, "certificateAuthorities", what));
  TRY(out.ctlogs, read_all<Log>(message, "ctlogs", what));
  TRY(out.timestamp_authorities, read_all<CertificateAuthority>(message, "timestampAuthorities", what));
  return out;
}

std::string TrustedRoot::write() const {
  json::Object out{{"mediaType", trusted_root_media_type}};
  append_all(out, "tlogs", tlogs);
  append_all(out, "certificateAuthorities", certificate_authorities);
  append_all(out, "ctlogs", ctlogs);
  append_all(out, "timestampAuthorities", timestamp_authorities);
  return json::write_plain(out);
}

}  // namespace sigstore::trust
