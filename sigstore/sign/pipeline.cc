#include "sigstore/sign/pipeline.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "sigstore/base/parallel.h"
#include "sigstore/payload/simple_signing.h"
#include "sigstore/payload/statement.h"
#include "sigstore/verify/judge.h"

namespace sigstore::sign {
namespace {

// Identity, annotations and payload of a `.sig` entry are one text: the payload that would be signed now.
std::string simple_signing_payload(const oci::Repository& image, const oci::Digest& subject,
                                   const Options& options) {
  if (options.payload) return *options.payload;
  return payload::write_simple_signing(
      options.docker_reference.empty() ? image.text() : options.docker_reference, subject,
      options.annotations);
}

Result<bundle::Content> content_for(store::Format format, const oci::Repository& image,
                                    const oci::Digest& subject, const Options& options) {
  if (options.attestation) {
    TRY(auto content, content_for(*options.attestation, image.text(), subject));
    return content;
  }
  if (format == store::Format::bundle)
    return bundle::EnvelopeContent{std::string(payload::in_toto_payload_type),
                                   payload::write_sign_statement(subject, options.annotations)};
  std::string text = simple_signing_payload(image, subject, options);
  if (options.payload) {
    TRY(auto claims, payload::SimpleSigning::parse(text));
    if (claims.manifest_digest != subject)
      return fail(Code::mismatch, "the payload is about another image",
                  "it names " + claims.manifest_digest.text() + ", the image is " + subject.text());
  }
  return bundle::SimpleSigningContent{std::move(text)};
}

// A statement carries exactly these annotations.
bool has_annotations(const verify::Claims& claims, const oci::Annotations& annotations) {
  const codec::json::Object* stored = claims.optional.object();
  if (stored == nullptr || stored->size() != annotations.size()) return false;
  return std::ranges::all_of(annotations, [&](const auto& annotation) {
    const codec::json::Value* found = stored->find(annotation.first);
    return found != nullptr && *found == codec::json::Value(annotation.second);
  });
}

// A repository of its own for signatures that does not exist yet is a 401 or 403 to some registries. The
// store writes nothing over what it cannot see.
bool may_be_new(const Prepared& prepared, const Error& refusal) {
  return prepared.target != prepared.image &&
         (refusal.code == Code::forbidden || refusal.code == Code::unauthorized);
}

// A large message is not copied to be signed, but for pure Ed25519.
Result<Bytes> sign_bytes(crypto::Signer& signer, const bundle::SignedBytes& message) {
  const crypto::Scheme scheme = scheme_for(signer.public_key().type());
  if (scheme == crypto::Scheme::ed25519 || signer.wants_message())
    return signer.sign(scheme, as_bytes(message.joined()));
  crypto::Hasher hasher(crypto::digest_of(scheme));
  hasher.update(as_bytes(message.head));
  hasher.update(as_bytes(message.body));
  return signer.sign_digest(scheme, hasher.finish());
}

Result<void> sign_bundle(crypto::Signer& signer, bundle::Bundle& bundle) {
  TRY(bundle.signature, sign_bytes(signer, *bundle::signed_bytes(bundle.content)));
  bundle.key.hint = signer.public_key().hint();
  return {};
}

void take(Made& made, const store::Stored& equal) {
  made.bundle = *equal.bundle;
  made.already_there = true;
  made.location = equal.location;
  made.stored_digest = equal.digest;
}

std::string type_of(const store::Stored& stored) {
  const auto* envelope = std::get_if<bundle::EnvelopeContent>(&stored.bundle->content);
  const auto statement =
      envelope == nullptr ? fail(Code::not_found, "") : payload::Statement::parse(envelope->payload);
  return statement ? statement->predicate_type : "";
}

// Whether an attestation makes saying it again needless; else what it replaces.
store::PutOptions look_before(const store::Listing& listing, const crypto::PublicKey& key,
                              const bundle::EnvelopeContent& content, const Options& options, Made& made) {
  const Attestation& attestation = *options.attestation;
  const SaidBefore before = said_before(listing, made.format, key, content, attestation.type, made.subject);
  store::PutOptions put;
  if (before.equal != nullptr && !options.force && (!attestation.replace || before.own.size() == 1)) {
    take(made, *before.equal);
    return put;
  }
  if (!attestation.replace) return put;
  for (const store::Stored* own : before.own) {
    put.replaced.insert(own->digest);
    made.replaced.push_back(attestation.type);
  }
  for (const store::Stored* other : before.rest) made.kept.push_back(type_of(*other));
  return put;
}

// What is there already decides whether and how to go on.
Result<store::PutOptions> look_at_existing(const crypto::PublicKey& key, const store::ArtifactStore& store,
                                           const Prepared& prepared, const Options& options, Made& made) {
  const auto existing = prepared.existing.find(&store);
  if (existing == prepared.existing.end()) return store::PutOptions{};
  const Result<store::Listing>& listing = existing->second;
  if (!listing && !may_be_new(prepared, listing.error())) return fail(listing.error());
  if (!listing) return store::PutOptions{};
  made.notes = listing->notes;
  if (options.attestation) {
    const auto& content = std::get<bundle::EnvelopeContent>(made.bundle.content);
    const auto put = look_before(*listing, key, content, options, made);
    return put;
  }
  const store::Stored* equal =
      equal_signature(*listing, made.format, key, prepared.image, made.subject, options);
  if (equal != nullptr) take(made, *equal);
  return store::PutOptions{};
}

// What this key said of the type in another store would go on to be read beside what replaces it.
bool said_elsewhere(const crypto::PublicKey& key, const store::ArtifactStore& store, const Prepared& prepared,
                    const Options& options, Outcome& outcome) {
  const auto existing = prepared.existing.find(&store);
  if (existing == prepared.existing.end()) return false;
  const Result<store::Listing>& listing = existing->second;
  if (!listing) {
    if (!outcome.made.empty() && !may_be_new(prepared, listing.error()))
      outcome.made.back().notes.push_back("whether an older one is to be replaced in the format \"" +
                                          std::string(store::name(store.format())) +
                                          "\" as well is not known: " + listing.error().text());
    return false;
  }
  const auto& attestation = *options.attestation;
  return !said_before(*listing, store.format(), key, {}, attestation.type, prepared.subject.digest)
              .own.empty();
}

Result<Made> sign_one(crypto::Signer& signer, store::ArtifactStore& store, const Prepared& prepared,
                      const Options& options) {
  Made made;
  made.format = store.format();
  made.image = prepared.image;
  made.subject = prepared.subject.digest;
  TRY(made.bundle.content, content_for(made.format, prepared.image, made.subject, options));
  TRY(const auto put, look_at_existing(signer.public_key(), store, prepared, options, made));
  if (made.already_there) return made;
  TRY_OK(sign_bundle(signer, made.bundle));
  TRY(auto stored, store.put(prepared.target, prepared.subject, made.bundle, put));
  std::move(stored.notes.begin(), stored.notes.end(), std::back_inserter(made.notes));
  made.location = std::move(stored.location);
  made.stored_digest = stored.digest;
  return made;
}

Result<void> collect(remote::Registry& registry, const oci::Repository& repository,
                     const oci::Descriptor& node, std::set<oci::Digest>& seen,
                     std::vector<oci::Descriptor>& out) {
  if (!seen.insert(node.digest).second) return {};
  if (seen.size() > limits::index_children)
    return fail(Code::too_large, "more than " + std::to_string(limits::index_children) + " manifests below " +
                                     oci::digest_reference(repository, node.digest));
  out.push_back(node);
  if (!oci::is_index(node.media_type)) return {};
  TRY(auto content, registry.manifest(repository, node.digest.text()));
  TRY(auto index, oci::Index::parse(content.bytes));
  for (const auto& child : index.manifests)
    if (oci::is_index(child.media_type) || oci::is_manifest(child.media_type))
      TRY_OK(collect(registry, repository, child, seen, out));
  return {};
}

// Two arguments may name one image, two indexes one child. What was there before is known of each, so that
// the second would be signed again.
std::vector<const Prepared*> each_once(const std::vector<Prepared>& prepared) {
  std::set<std::tuple<oci::Repository, oci::Repository, oci::Digest>> seen;
  std::vector<const Prepared*> once;
  for (const Prepared& one : prepared)
    if (seen.emplace(one.image, one.target, one.subject.digest).second) once.push_back(&one);
  return once;
}

}  // namespace

void Outcome::append(Outcome other) {
  std::move(other.made.begin(), other.made.end(), std::back_inserter(made));
  std::move(other.failures.begin(), other.failures.end(), std::back_inserter(failures));
}

crypto::Scheme scheme_for(crypto::KeyType type) {
  switch (type) {
    case crypto::KeyType::rsa:
      return crypto::Scheme::rsa_pkcs1_sha256;
    case crypto::KeyType::ed25519:
      return crypto::Scheme::ed25519;
    case crypto::KeyType::ecdsa_p256:
    case crypto::KeyType::ecdsa_p384:
    case crypto::KeyType::ecdsa_p521:
      break;
  }
  return crypto::Scheme::ecdsa_sha256;
}

Result<bundle::Bundle> make_bundle(store::Format format, crypto::Signer& signer, const oci::Repository& image,
                                   const oci::Digest& subject, const Options& options) {
  bundle::Bundle made;
  TRY(made.content, content_for(format, image, subject, options));
  TRY_OK(sign_bundle(signer, made));
  return made;
}

const store::Stored* equal_signature(const store::Listing& listing, store::Format format,
                                     const crypto::PublicKey& key, const oci::Repository& image,
                                     const oci::Digest& subject, const Options& options) {
  const verify::TrustedMaterial material{{{key, "the signing key"}}};
  verify::Requirements requirements;
  requirements.subject = subject;
  requirements.log_entries = 0;
  const std::string payload = simple_signing_payload(image, subject, options);
  const std::size_t looked_at = std::min(listing.entries.size(), limits::resign_candidates);
  for (auto entry = listing.entries.rbegin();
       entry != listing.entries.rbegin() + static_cast<std::ptrdiff_t>(looked_at); ++entry) {
    if (!entry->bundle || entry->format != format) continue;
    const auto* simple = std::get_if<bundle::SimpleSigningContent>(&entry->bundle->content);
    if (simple != nullptr && simple->payload != payload) continue;
    requirements.check_claims = simple == nullptr;  // a payload of the very same bytes claims the same
    const verify::Verdict verdict = verify::judge(*entry->bundle, material, requirements);
    if (!verdict.accepted()) continue;
    if (simple != nullptr || has_annotations(verdict.claims, options.annotations)) return &*entry;
  }
  return nullptr;
}

Prepared prepare(const Stores& stores, const oci::Repository& image, const oci::Repository& target,
                 const oci::Descriptor& subject, const Options& options) {
  Prepared prepared{image, target, subject, {}};
  if (options.force && !(options.attestation && options.attestation->replace)) return prepared;
  store::ListOptions newest;
  newest.newest = limits::resign_candidates;
  for (store::ArtifactStore* store : stores)
    prepared.existing.emplace(store, store->list(target, subject.digest, newest));
  for (store::ArtifactStore* store : options.elsewhere)
    prepared.existing.emplace(store, store->list(target, subject.digest, newest));
  return prepared;
}

Outcome sign_image(crypto::Signer& signer, const Stores& stores, const Prepared& prepared,
                   const Options& options) {
  Outcome outcome;
  const auto sign_into = [&](store::ArtifactStore& store) {
    auto made = sign_one(signer, store, prepared, options);
    if (made)
      outcome.made.push_back(std::move(*made));
    else
      outcome.failures.push_back({store.format(), prepared.image, prepared.subject.digest, made.error()});
  };
  for (store::ArtifactStore* store : stores) sign_into(*store);
  if (!options.attestation || !options.attestation->replace) return outcome;
  for (store::ArtifactStore* store : options.elsewhere)
    if (said_elsewhere(signer.public_key(), *store, prepared, options, outcome)) sign_into(*store);
  return outcome;
}

Outcome sign_images(crypto::Signer& signer, const Stores& stores, const std::vector<Prepared>& prepared,
                    const Options& options, int workers) {
  const auto once = each_once(prepared);
  std::vector<Outcome> outcomes(once.size());
  parallel(once.size(), workers,
           [&](std::size_t i) { outcomes[i] = sign_image(signer, stores, *once[i], options); });
  Outcome all;
  for (Outcome& outcome : outcomes) all.append(std::move(outcome));
  return all;
}

Result<std::vector<oci::Descriptor>> subjects(remote::Registry& registry, const oci::Repository& repository,
                                              const oci::Descriptor& root, bool recursive) {
  if (!recursive) return std::vector{root};
  std::set<oci::Digest> seen;
  std::vector<oci::Descriptor> out;
  TRY_OK(collect(registry, repository, root, seen, out));
  return out;
}

}  // namespace sigstore::sign
