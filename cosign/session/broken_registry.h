// A registry that cannot be reached because what the user asked for cannot work: every call is that error.
#pragma once

#include "sigstore/remote/registry/registry.h"

namespace cosign {

class BrokenRegistry final : public sigstore::remote::Registry {
 public:
  explicit BrokenRegistry(sigstore::Error error) : error_(std::move(error)) {}

  template <typename T>
  using Result = sigstore::Result<T>;
  Result<sigstore::oci::Descriptor> resolve(const sigstore::oci::Reference&) override { return answer(); }
  Result<sigstore::remote::ManifestContent> manifest(const sigstore::oci::Repository&,
                                                     const std::string&) override {
    return answer();
  }
  Result<std::string> blob(const sigstore::oci::Repository&, const sigstore::oci::Descriptor&,
                           std::size_t) override {
    return answer();
  }
  Result<void> push_blob(const sigstore::oci::Repository&, const sigstore::oci::Digest&,
                         std::string_view) override {
    return answer();
  }
  Result<sigstore::remote::PutResult> push_manifest(const sigstore::oci::Repository&, const std::string&,
                                                    std::string_view, std::string_view,
                                                    const sigstore::remote::Precondition&) override {
    return answer();
  }
  Result<sigstore::remote::ReferrersAnswer> referrers(const sigstore::oci::Repository&,
                                                      const sigstore::oci::Digest&) override {
    return answer();
  }
  Result<std::vector<std::string>> tags(const sigstore::oci::Repository&) override { return answer(); }
  bool honours_preconditions(const sigstore::oci::Repository&) override { return false; }
  Result<bool> has_blob(const sigstore::oci::Repository&, const sigstore::oci::Digest&) override {
    return answer();
  }
  Result<void> download(const sigstore::oci::Repository&, const sigstore::oci::Descriptor&,
                        const sigstore::ByteSink&) override {
    return answer();
  }
  Result<sigstore::remote::Arrival> upload(const sigstore::oci::Repository&, const sigstore::oci::Digest&,
                                           const sigstore::ByteSource&,
                                           const std::optional<sigstore::oci::Repository>&) override {
    return answer();
  }
  Result<void> delete_manifest(const sigstore::oci::Repository&, const std::string&) override {
    return answer();
  }
  Result<void> ping(const std::string&) override { return answer(); }

 private:
  [[nodiscard]] std::unexpected<sigstore::Error> answer() const { return sigstore::fail(error_); }
  sigstore::Error error_;
};

}  // namespace cosign
