#include "cosign/args/command.h"

#include "cosign/commands/dockerfile-verify/dockerfile_images.h"
#include "cosign/session/version.h"
#include "cosign/verification/images.h"
#include "sigstore/base/limits.h"

namespace cosign {

std::string help_dockerfile_verify();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using Words = std::vector<std::string>;

struct DockerfileFlags {
  ImageFlags images;
  bool base_only = false;
  Words arguments;  // --build-arg

  void declare(FlagSet& flags) {
    flags.boolean("base-image-only", &base_only, "verify the base image of the last stage alone");
    flags.list("build-arg", &arguments, "NAME=VALUE",
               "value of an ARG; NAME alone: the environment's; repeatable");
    images.declare(flags);
  }
};

Result<BuildInputs> build_inputs(Session& session, const Words& arguments) {
  const auto variable = [&session](const std::string& name) { return session.env().variables->get(name); };
  BuildInputs inputs{{}, variable, version().platform};
  for (const std::string& argument : arguments) {
    const auto equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    if (name.empty())
      return fail(Code::invalid_argument, "not a build argument: " + argument,
                  "it is written NAME=VALUE, or NAME for a variable that is set");
    if (equals != std::string::npos)
      inputs.arguments[name] = argument.substr(equals + 1);
    else if (auto value = variable(name))
      inputs.arguments[name] = std::move(*value);
  }
  return inputs;
}

std::string listed(const Words& images) {
  std::string text;
  for (const auto& image : images) text += (text.empty() ? "" : ", ") + image;
  return text;
}

Result<Words> chosen(const DockerfileImages& found, bool base_only) {
  if (found.images.empty()) return fail(Code::not_found, "no images found in Dockerfile");
  if (!base_only) return found.images;
  if (!found.base)
    return fail(Code::not_found, "no base image found in Dockerfile", "its last stage is from scratch");
  return Words{*found.base};
}

// The images to verify; says on stderr what was found, and what was not looked at.
Result<Words> extract(Session& session, const DockerfileFlags& flags, const std::string& path) {
  if (flags.images.local_image)
    return fail(Code::invalid_argument, "--local-image does not go with a Dockerfile",
                "the images that it names are in registries");
  TRY(const auto inputs, build_inputs(session, flags.arguments));
  TRY(const auto text, session.read_file(path, sigstore::limits::dockerfile_bytes));
  TRY(const auto found, images_of_dockerfile(text, path == "-" ? "stdin" : path, inputs));
  session.notes(found.ignored);
  session.remarks(found.notes);
  TRY(auto images, chosen(found, flags.base_only));
  session.note("Extracted image(s): " + listed(images));
  return images;
}

class DockerfileVerifyCommand final : public Command {
 public:
  [[nodiscard]] Words path() const override { return {"dockerfile", "verify"}; }
  [[nodiscard]] std::string usage() const override { return "FILE"; }
  [[nodiscard]] std::string summary() const override {
    return "verify the images that a Dockerfile builds on";
  }
  [[nodiscard]] std::string manual() const override { return help_dockerfile_verify(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }
  void declare(FlagSet& flags) override { flags_.declare(flags); }
  Result<int> run(Session& session, const FlagSet&, const Words& arguments) override {
    const auto images = extract(session, flags_, arguments.front());
    if (!images) return report_failure(session, flags_.images, images.error());
    return verify_images(session, flags_.images, *images,
                         "cosign dockerfile verify --key cosign.pub --insecure-ignore-tlog=true FILE");
  }

 private:
  DockerfileFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_dockerfile_verify() {
  return std::make_unique<DockerfileVerifyCommand>();
}

}  // namespace cosign
