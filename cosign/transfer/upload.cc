#include "cosign/transfer/upload.h"

#include <algorithm>

#include "cosign/transfer/blob.h"
#include "cosign/transfer/transfer.h"
#include "sigstore/codec/hex.h"
#include "sigstore/crypto/hash.h"

namespace cosign {

using sigstore::AtomicFile;
using sigstore::BytesView;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Descriptor;
using sigstore::oci::Digest;
using sigstore::oci::Reference;

namespace {

// In TMPDIR, under no name that stays.
Result<std::unique_ptr<AtomicFile>> make_spool(const sigstore::Env& env) {
  const auto folder = env.variables->get("TMPDIR").value_or("");
  auto spool = env.files->create((folder.empty() ? "/tmp" : folder) + "/cosign-upload", 0600);
  if (!spool) return fail(spool.error().with_hint("set TMPDIR to a folder with room for all of it"));
  return spool;
}

Result<Digest> finished(sigstore::crypto::Hasher& hasher) {
  return Digest::parse("sha256:" + sigstore::codec::hex::encode(hasher.finish()));
}

}  // namespace

Result<Upload> read_upload(Session& session, const std::string& path) {
  auto opened = open_blob(session, path);
  if (!opened && opened.error().code == Code::not_found && !opened.error().hint.empty())
    return fail(opened.error().with_hint("give a file, or - for standard input"));
  TRY(const Blob blob, std::move(opened));
  if (blob.reader == nullptr)
    return fail(Code::invalid_argument, path + " is a digest: there is nothing to upload");
  Upload upload;
  if (!blob.again) {
    TRY(upload.spool, make_spool(session.env()));
  }
  sigstore::crypto::Hasher hasher(sigstore::crypto::HashAlgorithm::sha256);
  ReadingProgress progress(session, "reading " + path);
  progress.expect(blob.size);
  TRY_OK(read_blob(session, *blob.reader, progress, [&](BytesView piece) -> Result<void> {
    hasher.update(piece);
    upload.layer.size += piece.size();
    const auto room = upload_head - std::min(upload_head, upload.head.size());
    upload.head += sigstore::as_text(piece.first(std::min(room, piece.size())));
    return upload.spool != nullptr ? upload.spool->write(piece) : Result<void>();
  }));
  TRY(upload.layer.digest, finished(hasher));
  upload.content.size = upload.layer.size;
  if (upload.spool != nullptr)
    upload.content.open = [spool = upload.spool] { return spool->read_back(); };
  else
    upload.content.open = [files = session.env().files, path] { return files->open(path); };
  return upload;
}

Result<Descriptor> push_upload(sigstore::remote::Registry& registry,
                               const sigstore::oci::Repository& repository, const Upload& upload,
                               const sigstore::store::FileDocument& document,
                               const std::optional<std::string>& tag) {
  TRY_OK(registry.upload(repository, upload.layer.digest, upload.content));
  TRY_OK(registry.push_blob(repository, document.manifest.config.digest, document.config));
  const std::string bytes = document.manifest.write();
  Descriptor manifest;
  manifest.media_type = document.manifest.media_type;
  manifest.digest = Digest::sha256(bytes);
  manifest.size = bytes.size();
  TRY_OK(
      registry.push_manifest(repository, tag.value_or(manifest.digest.text()), manifest.media_type, bytes));
  return manifest;
}

Result<Reference> upload_place(const std::string& argument) {
  TRY(auto reference, Reference::parse(argument));
  if (reference.digest)
    return fail(Code::invalid_argument, "nobody knows the digest before it is uploaded", argument,
                "name the place by a tag");
  TRY_OK(check_target(reference));
  return reference;
}

}  // namespace cosign
