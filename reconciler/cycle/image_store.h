// The account's image list: kept in memory and in the state folder, fetched when due.
#pragma once

#include "reconciler/cycle/pass.h"

namespace reconciler::cycle {

/// Reads the list of an earlier process from the state folder, if it is younger than 6 hours.
void LoadImages(Account& account, Doors& doors, Instant wall);
/// Fetches the list now; on failure the old one stays and the next try is in 10 minutes.
/// Errors: as batch::Client::ListSupportedImages.
Status FetchImages(Pass& pass);
/// While the list could not be renewed: the alert that says so lasts.
void HoldImagesAlert(Pass& pass);

}  // namespace reconciler::cycle
