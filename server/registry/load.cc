#include "server/registry/registry.h"
#include "sigstore/base/limits.h"
#include "sigstore/base/stream.h"
#include "sigstore/store/layout/layout.h"

namespace server::registry {
namespace {

using sigstore::Result;
using sigstore::oci::Descriptor;

// Copies one manifest with all that it names: children first, blobs before it.
class Loader {
 public:
  Loader(const sigstore::store::Layout& layout, sigstore::content::Store& content, Catalogue& catalogue,
         const std::string& repository)
      : layout_(layout), content_(content), catalogue_(catalogue), repository_(repository) {}

  Result<void> manifest(const Descriptor& descriptor, const std::optional<std::string>& tag) {
    TRY(const auto bytes, layout_.content().read(descriptor.digest, sigstore::limits::manifest_bytes));
    if (sigstore::oci::is_index(descriptor.media_type)) {
      TRY(const auto index, sigstore::oci::Index::parse(*bytes));
      // A fallback index may name what is gone; an image's children are there.
      for (const Descriptor& child : index.manifests)
        if (layout_.content().size(child.digest)) TRY_OK(manifest(child, std::nullopt));
    } else {
      TRY(const auto parsed, sigstore::oci::Manifest::parse(*bytes));
      TRY_OK(blob(parsed.config));
      for (const Descriptor& layer : parsed.layers) TRY_OK(blob(layer));
    }
    std::optional<Descriptor> subject;
    TRY(const auto document, sigstore::codec::json::parse(*bytes, descriptor.digest.text()));
    if (const auto* named = document.get("subject"); named != nullptr && named->object() != nullptr) {
      TRY(subject, Descriptor::from_json(*named, "subject"));
    }
    TRY(const auto entry, make_entry(descriptor.digest, descriptor.media_type, *bytes, subject));
    TRY_OK(content_.put(descriptor.digest, *bytes));
    const std::vector<std::string> tags = tag ? std::vector{*tag} : std::vector<std::string>();
    TRY_OK(catalogue_.put_manifest(repository_, entry, descriptor.digest.text(), tags,
                                   [](const auto*) { return true; }));
    return {};
  }

 private:
  Result<void> blob(const Descriptor& descriptor) {
    if (descriptor.media_type.empty()) return {};
    TRY(auto source, layout_.content().open(descriptor.digest));
    TRY(auto writer, content_.begin());
    TRY_OK(sigstore::copy_stream(*source, [&](sigstore::BytesView piece) { return writer->write(piece); }));
    TRY_OK(writer->commit(descriptor.digest));
    return catalogue_.add_blob(repository_, descriptor.digest);
  }

  const sigstore::store::Layout& layout_;
  sigstore::content::Store& content_;
  Catalogue& catalogue_;
  const std::string& repository_;
};

}  // namespace

Result<void> Registry::load(sigstore::Files& files, const std::string& layout,
                            const std::string& repository) {
  if (!is_repository_name(repository))
    return sigstore::fail(sigstore::Code::invalid_argument, "not a repository name: " + repository);
  TRY(const auto opened, sigstore::store::Layout::open(files, layout));
  Loader loader(opened, content_, catalogue_, repository);
  for (const auto& entry : opened.entries())
    TRY_OK(loader.manifest(entry.descriptor, entry.tag.empty() ? std::nullopt : std::optional(entry.tag)));
  return {};
}

}  // namespace server::registry
