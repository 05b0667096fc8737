#include "sigstore/verify/reading.h"

#include "sigstore/payload/simple_signing.h"
#include "sigstore/payload/statement.h"

namespace sigstore::verify {
namespace {

oci::Annotations texts(const codec::json::Object& object) {
  oci::Annotations annotations;
  for (const auto& member : object.members())
    if (const std::string* text = member.value.string()) annotations[member.key] = *text;
  return annotations;
}

Reading read(const bundle::SimpleSigningContent& content, const Requirements& requirements) {
  Reading reading;
  const auto payload = payload::SimpleSigning::parse(content.payload);
  if (!payload) {
    reading.error = payload.error();
    return reading;
  }
  reading.claims.docker_reference = payload->docker_reference;
  reading.claims.digest = payload->manifest_digest;
  reading.claims.type = payload->type;
  if (payload->has_optional) reading.claims.optional = payload->optional;
  reading.annotations = texts(payload->optional);
  reading.names_subject = payload->manifest_digest == requirements.subject;
  return reading;
}

Result<oci::Digest> first_digest(const payload::Statement& statement) {
  for (const payload::Subject& subject : statement.subjects)
    for (const auto& [algorithm, hex] : subject.digests)
      if (auto digest = oci::Digest::parse(algorithm + ":" + hex)) return digest;
  return fail(Code::not_found, "the statement names no digest");
}

const payload::Subject* subject_of(const payload::Statement& statement, const Requirements& requirements) {
  if (const auto* named = statement.subject_for(requirements.subject)) return named;
  for (const payload::Subject& subject : statement.subjects)
    for (const auto& [algorithm, hex] : requirements.digests) {
      const auto found = subject.digests.find(algorithm);
      if (found != subject.digests.end() && found->second == hex) return &subject;
    }
  return nullptr;
}

Reading read(const bundle::EnvelopeContent& content, const Requirements& requirements) {
  Reading reading;
  if (content.payload_type != payload::in_toto_payload_type) {
    reading.claims.type = content.payload_type;
    reading.error =
        Error{Code::unsupported, "the envelope holds no in-toto statement", content.payload_type, {}};
    return reading;
  }
  const auto statement = payload::Statement::parse(content.payload);
  if (!statement) {
    reading.error = statement.error();
    return reading;
  }
  reading.claims.type = statement->predicate_type;
  const payload::Subject* named = subject_of(*statement, requirements);
  reading.names_subject = named != nullptr;
  if (named != nullptr) {
    reading.claims.digest = requirements.subject;
    reading.annotations = named->annotations;
  } else if (auto digest = first_digest(*statement)) {
    reading.claims.digest = std::move(*digest);
  }
  codec::json::Object annotations;
  for (const auto& [key, value] : reading.annotations) annotations.set(key, value);
  reading.claims.optional = std::move(annotations);
  return reading;
}

Reading read(const bundle::MessageContent&, const Requirements&) {
  Reading reading;
  reading.error = Error{Code::unsupported, "this is the signature of a file, which says nothing", {}, {}};
  return reading;
}

}  // namespace

Reading read_claims(const bundle::Content& content, const Requirements& requirements) {
  return std::visit([&](const auto& one) { return read(one, requirements); }, content);
}

}  // namespace sigstore::verify
