#include "cosign/args/command.h"

#include "cosign/options/registry.h"
#include "cosign/transfer/upload.h"
#include "cosign/ui/exit_codes.h"

namespace cosign {

std::string help_upload_wasm();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
namespace store = sigstore::store;

// As the original writes it.
constexpr const char* config_type = "application/vnd.wasm.config.v1+json";
constexpr const char* layer_type = "application/vnd.wasm.content.layer.v1+wasm";
constexpr std::string_view magic("\0asm", 4);

class UploadWasmCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"upload", "wasm"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE"; }
  [[nodiscard]] std::string summary() const override { return "upload a WebAssembly module as an image"; }
  [[nodiscard]] std::string manual() const override { return help_upload_wasm(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }
  [[nodiscard]] bool takes_its_time() const override { return true; }

  void declare(FlagSet& flags) override {
    flags.text("file", &file_, "FILE", "the module; `-` is stdin", 'f');
    registry_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    if (file_.empty()) return fail(Code::invalid_argument, "there is nothing to upload", {}, "--file FILE");
    TRY(const auto place, upload_place(arguments[0]));
    TRY(auto upload, read_upload(session, file_));
    if (!upload.head.starts_with(magic))
      return fail(Code::malformed, file_ + " is no WebAssembly module",
                  "it does not begin with the four bytes of one");
    upload.layer.media_type = layer_type;
    session.note("Uploading wasm file from [" + file_ + "] to [" + place.text() + "].");
    auto document = store::make_file_document(upload.layer);
    store::set_config(document, config_type, store::empty_image_config);
    const auto pushed =
        push_upload(session.registry(registry_), place.repository, upload, document, place.tag);
    if (!pushed) return fail(session.explain(pushed.error(), place));
    session.out(sigstore::oci::digest_reference(place.repository, pushed->digest));
    return ui::exit_ok;
  }

 private:
  RegistryFlags registry_;
  std::string file_;
};

}  // namespace

std::unique_ptr<Command> make_upload_wasm() {
  return std::make_unique<UploadWasmCommand>();
}

}  // namespace cosign
