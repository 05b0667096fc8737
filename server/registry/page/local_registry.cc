#include "server/registry/page/local_registry.h"

namespace server::registry::page {

namespace limits = sigstore::limits;
namespace oci = sigstore::oci;
namespace remote = sigstore::remote;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

namespace {

// A list comes in parts, because each entry carries what its manifest is annotated with.
constexpr std::size_t referrers_at_once = 20;

std::unexpected<sigstore::Error> absent(const oci::Repository& repository, const std::string& what) {
  return fail(Code::not_found, "there is no " + what + " in " + repository.text());
}
std::unexpected<sigstore::Error> read_only() {
  return fail(Code::unsupported, "this view of a registry only reads");
}

std::int64_t bytes_of(const oci::Descriptor& descriptor) {
  std::size_t bytes = descriptor.artifact_type.size();
  for (const auto& [key, value] : descriptor.annotations) bytes += key.size() + value.size();
  return static_cast<std::int64_t>(bytes);
}

}  // namespace

LocalRegistry::LocalRegistry(const Shelves& shelves, const Budget& budget)
    : shelves_(shelves),
      left_(static_cast<std::int64_t>(budget.bytes)),
      end_(shelves.clock.steady() + budget.time) {}

bool LocalRegistry::spent() const {
  return left_ < 0 || shelves_.clock.steady() >= end_;
}

Result<void> LocalRegistry::take(std::uint64_t bytes) {
  if (left_.fetch_sub(static_cast<std::int64_t>(bytes)) < static_cast<std::int64_t>(bytes))
    return fail(Code::too_large, "not read: there is more than is looked at for one view");
  if (shelves_.clock.steady() >= end_)
    return fail(Code::timeout, "not read: it took too long already for one view");
  return {};
}

Result<std::shared_ptr<const std::string>> LocalRegistry::read(const oci::Digest& digest, std::uint64_t size,
                                                               std::size_t max) {
  if (size > max) return fail(Code::too_large, digest.text() + " is too large");
  TRY_OK(take(size));
  return told(shelves_, shelves_.content.read(digest, max));
}

Result<oci::Descriptor> LocalRegistry::resolve(const oci::Reference& reference) {
  TRY(const auto entry,
      told(shelves_, shelves_.catalogue.manifest(reference.repository.path, reference.tag_or_digest())));
  if (!entry) return absent(reference.repository, reference.tag_or_digest());
  return entry->descriptor;
}

Result<remote::ManifestContent> LocalRegistry::manifest(const oci::Repository& repository,
                                                        const std::string& tag_or_digest) {
  TRY(const auto entry, told(shelves_, shelves_.catalogue.manifest(repository.path, tag_or_digest)));
  if (!entry) return absent(repository, tag_or_digest);
  const oci::Descriptor& descriptor = entry->descriptor;
  TRY(const auto bytes, read(descriptor.digest, descriptor.size, limits::manifest_bytes));
  return remote::ManifestContent{descriptor, *bytes, {}};
}

Result<std::string> LocalRegistry::blob(const oci::Repository& repository, const oci::Descriptor& descriptor,
                                        std::size_t max) {
  TRY(const bool known, told(shelves_, shelves_.catalogue.has_blob(repository.path, descriptor.digest)));
  if (!known) return absent(repository, "blob " + descriptor.digest.text());
  TRY(const auto bytes, read(descriptor.digest, descriptor.size, max));
  if (bytes->size() != descriptor.size)
    return fail(Code::mismatch, descriptor.digest.text() + " is not of the size that was said");
  return *bytes;
}

Result<remote::ReferrersAnswer> LocalRegistry::referrers(const oci::Repository& repository,
                                                         const oci::Digest& digest) {
  remote::ReferrersAnswer answer;
  if (!shelves_.referrers) return answer;
  answer.api = true;
  for (Page page{.limit = referrers_at_once};;) {
    TRY(auto part, told(shelves_, shelves_.catalogue.referrers(repository.path, digest, std::nullopt, page)));
    for (oci::Descriptor& descriptor : part) {
      answer.truncated =
          answer.descriptors.size() == limits::referrers || left_.fetch_sub(bytes_of(descriptor)) < 0;
      if (answer.truncated) return answer;
      page.last = descriptor.digest.text();
      answer.descriptors.push_back(std::move(descriptor));
    }
    if (part.size() < referrers_at_once) return answer;
  }
}

Result<std::vector<std::string>> LocalRegistry::tags(const oci::Repository& repository) {
  return told(shelves_, shelves_.catalogue.tags(repository.path, {.limit = limits::tags}));
}

Result<void> LocalRegistry::push_blob(const oci::Repository&, const oci::Digest&, std::string_view) {
  return read_only();
}
Result<remote::PutResult> LocalRegistry::push_manifest(const oci::Repository&, const std::string&,
                                                       std::string_view, std::string_view,
                                                       const remote::Precondition&) {
  return read_only();
}

}  // namespace server::registry::page
