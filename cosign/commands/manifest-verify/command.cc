#include "cosign/args/command.h"

#include <set>

#include "cosign/commands/manifest-verify/manifest_files.h"
#include "cosign/commands/manifest-verify/manifest_images.h"
#include "cosign/verification/images.h"
#include "sigstore/base/limits.h"

namespace cosign {

std::string help_manifest_verify();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using Words = std::vector<std::string>;

std::string listed(const Words& images) {
  std::string text;
  for (const auto& image : images) text += (text.empty() ? "" : ", ") + image;
  return text;
}

// The images of all files, each once; says on stderr what was found, and what was not looked at.
Result<Words> extract(Session& session, const Words& arguments) {
  Words images;
  std::set<std::string> seen;
  TRY(const auto files, manifest_files(*session.env().files, arguments));
  for (const std::string& file : files) {
    TRY(const auto text, session.read_file(file, sigstore::limits::yaml_bytes));
    TRY(const auto found, images_of_manifest(text, file == "-" ? "stdin" : file));
    session.remarks(found.notes);
    if (found.images.empty()) continue;
    session.note("Extracted image(s)" + (files.size() > 1 ? " of " + file : "") + ": " +
                 listed(found.images));
    for (const std::string& image : found.images)
      if (seen.insert(image).second) images.push_back(image);
  }
  if (images.empty()) return fail(Code::not_found, "no images found in manifest");
  return images;
}

class ManifestVerifyCommand final : public Command {
 public:
  [[nodiscard]] Words path() const override { return {"manifest", "verify"}; }
  [[nodiscard]] std::string usage() const override { return "FILE|FOLDER..."; }
  [[nodiscard]] std::string summary() const override {
    return "verify the images in manifests of Kubernetes";
  }
  [[nodiscard]] std::string manual() const override { return help_manifest_verify(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, -1}; }
  void declare(FlagSet& flags) override { flags_.declare(flags); }
  Result<int> run(Session& session, const FlagSet&, const Words& arguments) override {
    const auto images = prepare(session, arguments);
    if (!images) return report_failure(session, flags_, images.error());
    return verify_images(session, flags_, *images,
                         "cosign manifest verify --key cosign.pub --insecure-ignore-tlog=true FILE");
  }

 private:
  Result<Words> prepare(Session& session, const Words& arguments) const {
    if (flags_.local_image)
      return fail(Code::invalid_argument, "--local-image does not go with a manifest",
                  "the images that it names are in registries");
    return extract(session, arguments);
  }

  ImageFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_manifest_verify() {
  return std::make_unique<ManifestVerifyCommand>();
}

}  // namespace cosign
