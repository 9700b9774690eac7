#include "tests/daemon/secret_marks.h"

#include <algorithm>

#include "reconciler/core/digest.h"

namespace reconciler::daemon {
namespace {

std::span<const unsigned char> Bytes(std::string_view text) {
  return {static_cast<const unsigned char*>(static_cast<const void*>(text.data())), text.size()};
}

/// What base64 makes of `part` behind `offset` other bytes, without what its neighbours decide.
std::string InBase64(std::string_view part, std::size_t offset) {
  const std::string text = Base64(Bytes(std::string(offset, 'x') + std::string(part)));
  const std::size_t first = (offset * 8 + 5) / 6;
  return text.substr(first, ((offset + part.size()) * 8) / 6 - first);
}

bool ShowsPart(std::string_view text, std::string_view part) {
  if (text.find(part) != std::string_view::npos) return true;
  if (text.find(Hex(Bytes(part))) != std::string_view::npos) return true;
  for (std::size_t offset = 0; offset < 3; ++offset) {
    if (text.find(InBase64(part, offset)) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

const std::vector<SecretMark>& SecretMarks() {
  static const std::vector<SecretMark> kMarks{
      {"virtualMachineConfiguration.containerConfiguration.containerRegistries[].password",
       "vm-registry", "p%w\"@\\"},
      {"virtualMachineConfiguration.extensions[].protectedSettings", "extension",
       "{\"key\": \"@\", \"more\": [1, \"x@\"]}", true},
      {"startTask.containerSettings.registry.password", "task-registry", "@"},
      {"startTask.resourceFiles[].storageContainerUrl", "container-url",
       "https://demo.blob.core.windows.net/c?sv=2024&sig=@%3D"},
      {"startTask.resourceFiles[].httpUrl", "file-url",
       "https://demo.blob.core.windows.net/c/@.sh?sv=2024&sig=x@%3D", true},
      {"startTask.environmentSettings[].value", "environment", "a b/@+&"},
      {"userAccounts[].password", "user-password", "Aa1!@"},
      {"userAccounts[].linuxUserConfiguration.sshPrivateKey", "user-key",
       "-----BEGIN PRIVATE KEY-----\n@\n-----END PRIVATE KEY-----", true},
      {"mountConfiguration[].azureBlobFileSystemConfiguration.accountKey", "blob-key", "@@@=="},
      {"mountConfiguration[].azureBlobFileSystemConfiguration.sasKey", "blob-sas",
       "?sv=2024&sig=@%3D"},
      {"mountConfiguration[].cifsMountConfiguration.password", "cifs-password", "\xc3\xa4@", true},
      {"mountConfiguration[].azureFileShareConfiguration.accountKey", "share-key", "@=="}};
  return kMarks;
}

std::string MarkOf(std::string_view name, int edition) {
  const std::string digest = Base64Url(Sha256(std::string(name) + std::to_string(edition)));
  std::string mark = digest.substr(0, 32);
  std::replace_if(
      mark.begin(), mark.end(), [](char c) { return c == '-' || c == '_'; }, 'Q');
  return mark;
}

std::string SecretOf(const SecretMark& mark, int edition) {
  std::string text;
  for (const char c : mark.pattern) {
    if (c == '@') {
      text += MarkOf(mark.name, edition);
    } else {
      text += c;
    }
  }
  return text;
}

std::string SpecWithSecrets() {
  return R"(  vmSize: standard_d2_v3
  targetDedicatedNodes: 0
  enableInterNodeCommunication: true
  virtualMachineConfiguration:
    imageReference: {publisher: microsoft-dsvm, offer: ubuntu-hpc, sku: "2204"}
    containerConfiguration:
      type: dockerCompatible
      containerRegistries:
        - {registryServer: one.example.com, username: robot, password: {secretRef: vm-registry}}
    extensions:
      - {name: agent, publisher: contoso, type: agent, protectedSettings: {secretRef: extension}}
  startTask:
    commandLine: hostname
    containerSettings:
      imageName: two.example.com/tool
      registry:
        {registryServer: two.example.com, username: robot, password: {secretRef: task-registry}}
    resourceFiles:
      - {storageContainerUrl: {secretRef: container-url}}
      - {httpUrl: {secretRef: file-url}, filePath: run.sh}
    environmentSettings:
      - {name: TOKEN, value: {secretRef: environment}}
  userAccounts:
    - name: render
      password: {secretRef: user-password}
      linuxUserConfiguration: {sshPrivateKey: {secretRef: user-key}}
  mountConfiguration:
    - azureBlobFileSystemConfiguration:
        {accountName: demo, containerName: a, relativeMountPath: a, accountKey: {secretRef: blob-key}}
    - azureBlobFileSystemConfiguration:
        {accountName: demo, containerName: b, relativeMountPath: b, sasKey: {secretRef: blob-sas}}
    - cifsMountConfiguration:
        {source: //files.example.com/c, username: robot, relativeMountPath: c,
         password: {secretRef: cifs-password}}
    - azureFileShareConfiguration:
        {accountName: demo, azureFileUrl: "https://demo.file.core.windows.net/d",
         relativeMountPath: d, accountKey: {secretRef: share-key}}
)";
}

bool ShowsMark(std::string_view text, std::string_view mark) {
  const std::size_t half = mark.size() / 2;
  return ShowsPart(text, mark.substr(0, half)) || ShowsPart(text, mark.substr(half));
}

}  // namespace reconciler::daemon
