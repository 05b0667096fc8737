// What the blob commands work on: a file, `-` for standard input, env://NAME, or the digest of a file that is
// elsewhere. Files are read in pieces, whatever their size.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "cosign/session/session.h"
#include "sigstore/base/stream.h"
#include "sigstore/crypto/message.h"
#include "sigstore/oci/digest.h"

namespace cosign {

struct Blob {
  std::string name;                              // as the user gave it
  std::optional<sigstore::oci::Digest> digest;   // all that is known of it: there is nothing to read
  std::unique_ptr<sigstore::FileReader> reader;  // at its start; null beside a digest
  std::optional<std::uint64_t> size;             // where it is known before it is read
  bool again = false;                            // it can be opened again, and has the same content then
};

// Whether open_blob() can open it, as far as that is seen without opening it. The same errors.
sigstore::Result<void> find_blob(Session& session, const std::string& name);

// Opens it. A name that is no file and reads `sha256:HEX` is a digest. Code::not_found when there is no such
// file, Code::unsupported for other URLs.
sigstore::Result<Blob> open_blob(Session& session, const std::string& name);

// How far the reading has come, on a terminal, once it takes a while. Thread-safe; the line goes when it
// dies.
class ReadingProgress {
 public:
  // `verb` as in "signing: 40 % of 1.2 GB".
  ReadingProgress(Session& session, std::string verb) : session_(session), verb_(std::move(verb)) {}
  ~ReadingProgress();
  ReadingProgress(const ReadingProgress&) = delete;
  // The size of all that will be read, where it is known.
  void expect(std::optional<std::uint64_t> size) { size_ = size.value_or(0); }
  void add(std::uint64_t bytes);

 private:
  Session& session_;
  const std::string verb_;
  std::atomic<std::uint64_t> size_ = 0, bytes_ = 0;
  std::mutex mutex_;
  std::string shown_;
};

// All of a reader, piece by piece. Ends with an interrupt or --timeout.
sigstore::Result<void> read_blob(Session& session, sigstore::FileReader& reader, ReadingProgress& progress,
                                 const sigstore::ByteSink& sink);

// All of the file that `name` is, into `message`; of a digest what it says. The caller ends it with finish().
sigstore::Result<void> pass_blob(Session& session, const std::string& name, const std::string& verb,
                                 sigstore::crypto::PassingMessage& message);

}  // namespace cosign
