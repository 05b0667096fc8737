// sigstore_cases FOLDER: writes every case of cases.h into a folder of its own, for programs that are asked
// about them: bundle.json, trusted_root.json, artifact, key.pub and case.json. Test-only.
//
// A case that no bundle can hold (an old form, a proof that v0.3 demands) is left out.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "sigstore/authority/testing/cases.h"
#include "sigstore/codec/json.h"

namespace {

using namespace sigstore;
using authority::testing::Ask;

bool write(const std::filesystem::path& path, std::string_view content) {
  std::ofstream file(path, std::ios::binary);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  return file.flush().good();
}

std::string facts(const authority::testing::Case& one, const authority::testing::Question& question) {
  codec::json::Object object;
  object.set("what", one.what);
  object.set("good", one.good);
  object.set("ask", question.ask == Ask::key ? "key" : "identity");
  object.set("form", std::holds_alternative<bundle::EnvelopeContent>(question.made.bundle.content)
                         ? "envelope"
                         : "message");
  object.set("identity", question.identity);
  object.set("issuer", question.issuer);
  return codec::json::write(codec::json::Value(std::move(object)));
}

bool write_case(const std::filesystem::path& folder, const authority::testing::Case& one) {
  const auto question = one.make();
  const auto text = bundle::write(question.made.bundle);
  if (!text) return text.error().code == Code::unsupported;
  std::filesystem::create_directories(folder);
  return write(folder / "bundle.json", *text) && write(folder / "trusted_root.json", question.root.write()) &&
         write(folder / "artifact", question.made.artifact) &&
         write(folder / "key.pub", question.made.key.pem()) &&
         write(folder / "case.json", facts(one, question));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: sigstore_cases FOLDER\n");
    return 2;
  }
  for (const auto& one : authority::testing::cases()) {
    if (!write_case(std::filesystem::path(argv[1]) / one.name, one)) {
      std::fprintf(stderr, "%s cannot be written\n", one.name.c_str());
      return 1;
    }
  }
  return 0;
}
