#include "cosign/args/command.h"

#include "cosign/commands/upload-blob/content_type.h"
#include "cosign/commands/upload-blob/files.h"
#include "cosign/options/annotations.h"
#include "cosign/options/registry.h"
#include "cosign/transfer/upload.h"
#include "cosign/ui/exit_codes.h"

namespace cosign {

std::string help_upload_blob();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Annotations;
using sigstore::oci::Descriptor;
using sigstore::oci::Reference;
using upload_blob::File;
namespace oci = sigstore::oci;

class UploadBlobCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"upload", "blob"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override { return "upload files as an image"; }
  [[nodiscard]] std::string manual() const override { return help_upload_blob(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }
  [[nodiscard]] bool takes_its_time() const override { return true; }

  void declare(FlagSet& flags) override {
    flags
        .csv_list("files", &files_, "FILE[:OS[/ARCH]]",
                  "what is uploaded; `-` is stdin; several, each with its platform, become an index", 'f')
        .takes = Takes::file;
    flags.text("ct", &media_type_, "TYPE", "the media type, which else is told by the content");
    flags.pair_list("annotation", &annotations_, "key=value of what is uploaded; repeatable", 'a');
    registry_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    TRY(const auto place, upload_place(arguments[0]));
    TRY(const auto annotations, parse_annotations(annotations_));
    TRY(const auto files, upload_blob::parse_files(files_, *session.env().files));
    auto digest = files.size() == 1 ? image(session, place, annotations, files[0], place.tag)
                                    : index(session, place, annotations, files);
    if (!digest) return fail(session.explain(digest.error(), place));
    session.note(files.size() == 1 ? "Uploaded image to:" : "Uploaded multi-platform index to:");
    session.out(oci::digest_reference(place.repository, digest->digest));
    return ui::exit_ok;
  }

 private:
  Result<Descriptor> image(Session& session, const Reference& place, const Annotations& annotations,
                           const File& file, const std::optional<std::string>& tag);
  Result<Descriptor> index(Session& session, const Reference& place, const Annotations& annotations,
                           const std::vector<File>& files);

  RegistryFlags registry_;
  std::vector<std::string> files_, annotations_;
  std::string media_type_;
};

Result<Descriptor> UploadBlobCommand::image(Session& session, const Reference& place,
                                            const Annotations& annotations, const File& file,
                                            const std::optional<std::string>& tag) {
  TRY(auto upload, read_upload(session, file.path));
  upload.layer.media_type = media_type_.empty() ? upload_blob::content_type(upload.head) : media_type_;
  session.note("Uploading file from [" + file.path + "] to [" + place.text() + "] with media type [" +
               upload.layer.media_type + "]");
  TRY(auto manifest, push_upload(session.registry(registry_), place.repository, upload,
                                 sigstore::store::make_file_document(upload.layer, annotations), tag));
  session.note("File [" + file.path + "] is available directly at [" + place.repository.registry + "/v2/" +
               place.repository.path + "/blobs/" + upload.layer.digest.text() + "]");
  return manifest;
}

// The tag is written last, once all of it is there.
Result<Descriptor> UploadBlobCommand::index(Session& session, const Reference& place,
                                            const Annotations& annotations, const std::vector<File>& files) {
  oci::Index index;
  index.media_type = oci::media_type::oci_index;
  index.annotations = annotations;
  for (const File& file : files) {
    TRY(auto child, image(session, place, annotations, file, std::nullopt));
    child.platform = file.platform;
    child.artifact_type = oci::media_type::oci_config;  // as the original writes it
    index.manifests.push_back(std::move(child));
  }
  const std::string bytes = index.write();
  TRY_OK(session.registry(registry_).push_manifest(place.repository, *place.tag, index.media_type, bytes));
  Descriptor descriptor;
  descriptor.media_type = index.media_type;
  descriptor.digest = oci::Digest::sha256(bytes);
  descriptor.size = bytes.size();
  return descriptor;
}

}  // namespace

std::unique_ptr<Command> make_upload_blob() {
  return std::make_unique<UploadBlobCommand>();
}

}  // namespace cosign
