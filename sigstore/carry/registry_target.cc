#include "sigstore/carry/registry_target.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "sigstore/store/referrers/publish.h"
#include "sigstore/store/tag/signature_document.h"
#include "sigstore/store/tag_access.h"

namespace sigstore::carry {
namespace {

constexpr int tag_writes = 3;  // more of the image's tag, after one that failed
constexpr auto between_writes = std::chrono::milliseconds(500);

// The tag `.sig` or `.att`: where it does not exist it becomes what was carried, byte for byte.
class CarriedTag final : public store::TagDocument {
 public:
  CarriedTag(remote::Registry& registry, const oci::Repository& repository, const Item& item,
             const std::string& bytes)
      : merged_(registry, repository, false, std::nullopt), carried_{item.descriptor, bytes, {}} {}

  Result<std::vector<store::TagEntry>> carried() const { return merged_.entries(carried_); }
  Result<std::vector<store::TagEntry>> entries(const remote::ManifestContent& current) const override {
    return merged_.entries(current);
  }
  Result<store::Draft> append(const remote::ManifestContent* current,
                              const std::vector<store::TagEntry>& added) override {
    TRY(const auto all, carried());
    const bool same = current == nullptr &&
                      std::ranges::equal(added, all, {}, &store::TagEntry::key, &store::TagEntry::key);
    if (same) return store::Draft{carried_.descriptor.media_type, carried_.bytes};
    return merged_.append(current, added);
  }

 private:
  store::SignatureDocument merged_;
  const remote::ManifestContent carried_;
};

class RegistryTarget final : public Target {
 public:
  RegistryTarget(remote::Registry& registry, const Env& env, RegistryTargetOptions options)
      : registry_(registry), env_(env), options_(std::move(options)) {}

  Result<void> begin(const Cargo& cargo) override;
  Result<remote::Arrival> put_blob(const Item& item, const oci::Descriptor& blob, const ByteSource& content,
                                   const std::optional<oci::Repository>& from) override {
    return registry_.upload(place_of(item), blob.digest, content, from);
  }
  Result<void> put_manifest(const Item& item, const std::string& bytes) override;
  Result<void> finish(const Cargo& cargo) override;
  [[nodiscard]] std::vector<std::string> notes() const override { return notes_; }

 private:
  [[nodiscard]] const oci::Repository& place_of(const Item& item) const {
    return item.kind == Kind::image ? options_.image : options_.attached;
  }
  Result<void> put_by_digest(const Item& item, const std::string& bytes);
  Result<void> merge(const Item& item, const std::string& bytes);
  Result<void> put_sbom(const Item& item, const std::string& bytes);
  Result<std::optional<oci::Digest>> standing(const oci::Repository& repository, const std::string& tag);
  Result<bool> tag_is_right(const oci::Digest& wanted);
  Result<void> write_tag(const std::string& media_type);
  [[nodiscard]] std::string tag_of(const Item& item) const {
    return oci::attachment_tag(*item.subject, tag_suffix(item.kind), options_.tag_prefix);
  }
  void note(std::vector<std::string> lines);

  remote::Registry& registry_;
  const Env env_;
  const RegistryTargetOptions options_;
  oci::Digest root_;
  std::mutex mutex_;  // of the two below
  std::string root_bytes_;
  std::vector<std::string> notes_;
};

void RegistryTarget::note(std::vector<std::string> lines) {
  const std::lock_guard lock(mutex_);
  std::ranges::move(lines, std::back_inserter(notes_));
}

// What a tag names; nullopt where it is not there. One that may not be read counts as absent only where the
// list of tags says so, or where it would be overwritten anyway.
Result<std::optional<oci::Digest>> RegistryTarget::standing(const oci::Repository& repository,
                                                            const std::string& tag) {
  oci::Reference reference;
  reference.repository = repository;
  reference.tag = tag;
  const auto there = registry_.resolve(reference);
  if (there) return there->digest;
  const Error& error = there.error();
  if (error.code == Code::not_found) return std::nullopt;
  if (error.code != Code::unauthorized && error.code != Code::forbidden) return fail(error);
  if (options_.force) return std::nullopt;
  auto listed = store::tag_is_listed(registry_, repository, tag, error);
  if (!listed) listed.error().hint += "; -f writes it, whatever it is";
  if (!listed || *listed) return fail(listed ? error : std::move(listed).error());
  return std::nullopt;
}

Result<bool> RegistryTarget::tag_is_right(const oci::Digest& wanted) {
  TRY(const auto there, standing(options_.image, *options_.tag));
  if (!there) return false;
  if (*there == wanted) return true;
  if (options_.force) return false;
  return fail(Code::conflict, "image \"" + options_.image.text() + ":" + *options_.tag + "\" already exists",
              "it is " + there->text() + ", and what comes is " + wanted.text(), "-f overwrites it");
}

Result<void> RegistryTarget::begin(const Cargo& cargo) {
  root_ = cargo.root.digest;
  if (!options_.tag) return {};
  TRY_OK(tag_is_right(root_));
  return {};
}

Result<void> RegistryTarget::put_manifest(const Item& item, const std::string& bytes) {
  if (item.descriptor.digest == root_ && item.kind == Kind::image) {
    const std::lock_guard lock(mutex_);
    root_bytes_ = bytes;
  }
  switch (item.kind) {
    case Kind::signatures:
    case Kind::attestations:
      return merge(item, bytes);
    case Kind::sbom:
      return put_sbom(item, bytes);
    case Kind::image:
    case Kind::referrer:
      break;
  }
  return put_by_digest(item, bytes);
}

Result<void> RegistryTarget::put_by_digest(const Item& item, const std::string& bytes) {
  oci::Reference reference;
  reference.repository = place_of(item);
  reference.digest = item.descriptor.digest;
  if (registry_.resolve(reference)) return {};
  const auto put = registry_.push_manifest(reference.repository, item.descriptor.digest.text(),
                                           item.descriptor.media_type, bytes);
  if (put) return {};
  if (item.kind == Kind::referrer && put.error().code == Code::unsupported)
    return fail(store::form_is_refused(reference.repository, "a manifest with a subject (OCI 1.1)",
                                       put.error(), "cosign copy --only image,sig,att,sbom leaves such out"));
  return fail(put.error());
}

Result<void> RegistryTarget::merge(const Item& item, const std::string& bytes) {
  const std::string tag = tag_of(item);
  CarriedTag document(registry_, options_.attached, item, bytes);
  TRY(const auto layers, document.carried());
  auto report = store::add_to_tag(registry_, env_, options_.attached, tag, document, layers,
                                  {.refused_form = "a manifest under the tag " + tag});
  if (!report) return fail(report.error());
  note(std::move(report->notes));
  return {};
}

// Readers look at its first layer alone: two cannot be one.
Result<void> RegistryTarget::put_sbom(const Item& item, const std::string& bytes) {
  const std::string tag = tag_of(item);
  TRY(const auto there, standing(options_.attached, tag));
  if (there == item.descriptor.digest) return {};
  if (there && !options_.force) {
    note({options_.attached.text() + ":" + tag + " holds another SBOM, which stays; -f overwrites it"});
    return {};
  }
  TRY_OK(registry_.push_manifest(options_.attached, tag, item.descriptor.media_type, bytes));
  return {};
}

// A write whose answer was lost, or that the registry failed at, is looked at and repeated: it is the same
// one.
Result<void> RegistryTarget::write_tag(const std::string& media_type) {
  for (int failed = 0;; ++failed) {
    TRY(const bool right, tag_is_right(root_));
    if (right) return {};
    const auto put = registry_.push_manifest(options_.image, *options_.tag, media_type, root_bytes_);
    if (put) return {};
    const bool may_help = put.error().code == Code::unavailable || put.error().code == Code::timeout;
    if (!may_help || failed == tag_writes) return fail(put.error());
    TRY_OK(env_.clock->sleep(between_writes));
  }
}

Result<void> RegistryTarget::finish(const Cargo& cargo) {
  std::map<oci::Digest, std::vector<oci::Descriptor>> referrers;
  for (const Item& item : cargo.items)
    if (item.kind == Kind::referrer && item.subject) referrers[*item.subject].push_back(item.descriptor);
  for (const auto& [subject, descriptors] : referrers) {
    TRY(auto notes, store::list_referrers(registry_, env_, options_.attached, subject, descriptors,
                                          {.what = "what was copied"}));
    note(std::move(notes));
  }
  return options_.tag ? write_tag(cargo.root.media_type) : Result<void>();
}

}  // namespace

std::unique_ptr<Target> make_registry_target(remote::Registry& registry, const Env& env,
                                             RegistryTargetOptions options) {
  return std::make_unique<RegistryTarget>(registry, env, std::move(options));
}

bool is_attachment_tag(std::string_view tag) {
  if (!tag.starts_with("sha256-") && !tag.starts_with("sha512-")) return false;
  const auto hex = tag.substr(7, tag.find('.') == tag.npos ? tag.npos : tag.find('.') - 7);
  return hex.size() >= 64 && hex.find_first_not_of("0123456789abcdef-") == hex.npos;
}

}  // namespace sigstore::carry
