// An OCI image layout in a folder as a place to carry from and to: what `cosign save` writes and `load`
// reads. See docs/formats/saved-image.md.
#pragma once

#include "sigstore/base/cancel.h"
#include "sigstore/base/stream.h"
#include "sigstore/carry/source.h"
#include "sigstore/carry/target.h"
#include "sigstore/store/layout/layout.h"

namespace sigstore::carry {

// What `layout`, which outlives the result, holds for `root`. Fails where the folder cannot be looked
// through, lacks what its index.json names, or holds a damaged manifest: it may be a referrer.
Result<std::unique_ptr<Source>> make_layout_source(const store::Layout& layout, const oci::Digest& root);

// Whether each blob of `cargo` is there, with the size that was said, and, where `each` takes what is read,
// with its digest. Flat memory; an error of `each` ends it.
Result<void> check_blobs(Source& source, const Cargo& cargo, const ByteSink& each);

// The same of an image without what hangs on it: its manifest, config and layers, and of an index those of
// its children. An error says what of it is not there or damaged.
Result<void> check_image(const store::Layout& layout, const oci::Descriptor& image, const ByteSink& each);

// The one image of a layout. Code::not_found for none; invalid_argument for several.
Result<oci::Descriptor> only_image(const store::Layout& layout);

// Each blob and manifest is there whole or not at all; index.json comes last, so that a folder that was not
// finished is no layout, and is continued by the next run. What the folder holds already is read, and written
// anew where it is damaged. Another image's index.json is replaced. `tag` names the image in it; may be
// empty. `files` outlives the result. Code::conflict while another process writes there.
std::unique_ptr<Target> make_layout_target(Files& files, std::string folder, std::string tag);

// One file with all of it (docs/formats/saved-image.md): it appears when it is complete, under `path`.
std::unique_ptr<Target> make_archive_target(Files& files, std::string path, std::string tag);

// What `cosign save` wrote: a folder, or an archive, which is read and checked whole. `cancel` may be null.
Result<store::Layout> open_saved(Files& files, const std::string& path, const Cancel* cancel);

// The text of index.json for what is saved; see make_layout_target(). Code::too_large for one that nobody
// would read again.
Result<std::string> saved_index(const Cargo& cargo, const std::string& tag);
// Code::mismatch when a content was to have another size than it had.
Result<void> expect_size(const std::string& what, std::uint64_t said, std::uint64_t had);
inline constexpr std::string_view saved_version = R"({"imageLayoutVersion": "1.0.0"})";

}  // namespace sigstore::carry
