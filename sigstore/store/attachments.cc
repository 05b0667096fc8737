#include "sigstore/store/attachments.h"

#include <algorithm>
#include <array>
#include <set>

#include "sigstore/base/parallel.h"
#include "sigstore/store/fetch.h"
#include "sigstore/store/tag_access.h"

namespace sigstore::store {
namespace {

using Kind = Attachment::Kind;

constexpr const char* predicate_type = "dev.sigstore.bundle.predicateType";
constexpr const char* created = "org.opencontainers.image.created";

struct Tag {
  Kind kind;
  const char* suffix;
};
constexpr std::array<Tag, 3> tags = {
    {{Kind::attestations, ".att"}, {Kind::signatures, ".sig"}, {Kind::sboms, ".sbom"}}};

// What one look-up came to; joined in a fixed order, so that threads do not decide it.
struct Part {
  std::vector<Attachment> found;
  std::vector<oci::Descriptor> listed;  // referrers whose manifests are still to be read
  std::vector<std::string> notes;
  std::vector<Error> failures;
  bool truncated = false;
};

std::string annotation(const oci::Annotations& annotations, const char* key) {
  const auto found = annotations.find(key);
  return found == annotations.end() ? "" : found->second;
}

// Fills in what the document says, and gives its subject.
Result<std::optional<oci::Descriptor>> read_document(Attachment& attachment,
                                                     const remote::ManifestContent& content) {
  attachment.descriptor = content.descriptor;
  if (oci::is_index(content.descriptor.media_type)) {
    TRY(auto index, oci::Index::parse(content.bytes));
    attachment.layers = std::move(index.manifests);
    attachment.type = std::move(index.artifact_type);
    attachment.descriptor.annotations = std::move(index.annotations);
    return std::move(index.subject);
  }
  TRY(auto manifest, oci::Manifest::parse(content.bytes));
  attachment.type = manifest.effective_artifact_type();
  attachment.layers = std::move(manifest.layers);
  attachment.descriptor.annotations = std::move(manifest.annotations);
  return std::move(manifest.subject);
}

class Lister {
 public:
  Lister(remote::Registry& registry, const oci::Repository& repository, const oci::Digest& subject,
         const std::string& prefix, const AttachmentKinds& wanted)
      : registry_(registry), repository_(repository), subject_(subject), prefix_(prefix), wanted_(wanted) {}

  Attachments list();

 private:
  Part tag(const Tag& tag);
  Part referrers();
  Part fallback();
  Part referrer(const oci::Descriptor& descriptor);
  // The manifest under a tag; nothing when it is absent or could not be had, which `part` says then.
  std::optional<remote::ManifestContent> tagged(const std::string& tag, Part& part);

  remote::Registry& registry_;
  const oci::Repository& repository_;
  const oci::Digest& subject_;
  const std::string& prefix_;
  const AttachmentKinds wanted_;
};

bool wants(const AttachmentKinds& wanted, Kind kind) {
  switch (kind) {
    case Kind::attestations:
      return wanted.attestations;
    case Kind::signatures:
      return wanted.signatures;
    case Kind::sboms:
      return wanted.sboms;
    case Kind::referrer:
      return wanted.referrers;
  }
  return false;
}

std::optional<remote::ManifestContent> Lister::tagged(const std::string& tag, Part& part) {
  auto content = registry_.manifest(repository_, tag);
  if (content) return std::move(*content);
  if (auto absent = take_as_absent(registry_, repository_, subject_, tag, content.error(), part.notes);
      !absent)
    part.failures.push_back(absent.error().wrap("cannot look up " + repository_.text() + ":" + tag));
  return std::nullopt;
}

Part Lister::tag(const Tag& tag) {
  Part part;
  const std::string name = oci::attachment_tag(subject_, tag.suffix, prefix_);
  const auto content = tagged(name, part);
  if (!content) return part;
  Attachment attachment{tag.kind, repository_.text() + ":" + name, {}, {}, {}};
  if (const auto read = read_document(attachment, *content); !read) {
    part.failures.push_back(read.error().wrap("cannot read " + attachment.location));
    return part;
  }
  attachment.type.clear();
  part.found.push_back(std::move(attachment));
  return part;
}

Part Lister::referrers() {
  Part part;
  auto answer = registry_.referrers(repository_, subject_);
  if (answer) {
    part.listed = std::move(answer->descriptors);
    part.truncated = answer->truncated;
  } else {
    part.failures.push_back(answer.error().wrap("cannot list the referrers in " + repository_.text()));
  }
  return part;
}

Part Lister::fallback() {
  Part part;
  const std::string name = oci::attachment_tag(subject_, "");
  const auto content = tagged(name, part);
  if (!content) return part;
  if (!oci::is_index(content->descriptor.media_type)) {
    part.notes.push_back("the tag " + name + " is no list of referrers; it was passed over");
    return part;
  }
  auto index = oci::Index::parse(content->bytes);
  if (index)
    part.listed = std::move(index->manifests);
  else
    part.failures.push_back(index.error().wrap("cannot read " + repository_.text() + ":" + name));
  return part;
}

Part Lister::referrer(const oci::Descriptor& descriptor) {
  Part part;
  Attachment attachment{Kind::referrer, oci::digest_reference(repository_, descriptor.digest), {}, {}, {}};
  const auto content = registry_.manifest(repository_, descriptor.digest.text());
  if (!content && content.error().code == Code::not_found) {
    part.notes.push_back("listed as a referrer, but not there any more: " + attachment.location);
    return part;
  }
  const auto subject = content ? read_document(attachment, *content) : fail(content.error());
  if (!subject) {
    part.failures.push_back(subject.error().wrap("cannot read " + attachment.location));
    return part;
  }
  if (!*subject || (*subject)->digest != subject_) {
    part.notes.push_back("listed as a referrer, but about something else: " + attachment.location);
    return part;
  }
  if (auto claimed = annotation(attachment.descriptor.annotations, predicate_type); !claimed.empty())
    attachment.type = std::move(claimed);
  part.found.push_back(std::move(attachment));
  return part;
}

void append(Attachments& all, Part&& part) {
  std::ranges::move(part.found, std::back_inserter(all.found));
  std::ranges::move(part.notes, std::back_inserter(all.notes));
  std::ranges::move(part.failures, std::back_inserter(all.failures));
  all.truncated = all.truncated || part.truncated;
}

// What referrers are sorted by. The time is what the manifest claims; the digest makes it one order.
std::pair<std::string, std::string> age(const Attachment& attachment) {
  return {annotation(attachment.descriptor.annotations, created), attachment.descriptor.digest.text()};
}

// The tag of a list of referrers may list what the API lists too.
std::vector<oci::Descriptor> each_once(const std::vector<Part>& parts) {
  std::vector<oci::Descriptor> all;
  std::set<oci::Digest> seen;
  for (const Part& part : parts)
    for (const oci::Descriptor& descriptor : part.listed)
      if (seen.insert(descriptor.digest).second) all.push_back(descriptor);
  return all;
}

Attachments Lister::list() {
  std::vector<Part> parts(tags.size() + 2);
  parallel(parts.size(), fetched_at_once, [&](std::size_t i) {
    if (!wants(wanted_, i < tags.size() ? tags[i].kind : Kind::referrer)) return;
    parts[i] = i < tags.size() ? tag(tags[i]) : i == tags.size() ? referrers() : fallback();
  });
  auto listed = each_once(parts);
  Attachments all;
  for (Part& part : parts) append(all, std::move(part));
  if (listed.size() > limits::referrers) {
    listed.resize(limits::referrers);
    all.truncated = true;
  }
  std::ranges::sort(listed, {}, &oci::Descriptor::digest);
  parts.assign(listed.size(), {});
  parallel(listed.size(), fetched_at_once, [&](std::size_t i) { parts[i] = referrer(listed[i]); });
  const auto tagged = static_cast<std::ptrdiff_t>(all.found.size());
  for (Part& part : parts) append(all, std::move(part));
  std::sort(all.found.begin() + tagged, all.found.end(),
            [](const Attachment& a, const Attachment& b) { return age(a) < age(b); });
  return all;
}

}  // namespace

std::string_view name(Attachment::Kind kind) {
  switch (kind) {
    case Kind::attestations:
      return "attestations";
    case Kind::signatures:
      return "signatures";
    case Kind::sboms:
      return "sboms";
    case Kind::referrer:
      return "referrer";
  }
  return "referrer";
}

Attachments list_attachments(remote::Registry& registry, const oci::Repository& repository,
                             const oci::Digest& subject, const std::string& tag_prefix,
                             const AttachmentKinds& wanted) {
  return Lister(registry, repository, subject, tag_prefix, wanted).list();
}

}  // namespace sigstore::store
