namespace NfDtls
{
    /// <summary>What an association does with an alert that comes in.</summary>
    internal static class AlertReceiver
    {
        /// <summary>Handles the opened record in the endpoint's header.</summary>
        internal static void Handle(AssociationHost endpoint, Association association, byte[] buffer)
        {
            RecordHeader header = endpoint.Header;
            bool authentic = header.Epoch > 0;
            if (header.FragmentLength != 2)
            {
                if (authentic)
                {
                    association.Fail(DtlsError.DecodeError);
                }
                else
                {
                    endpoint.Drop(DropReason.Alert, header.Type);
                }

                return;
            }

            int level = buffer[header.FragmentOffset];
            int description = buffer[header.FragmentOffset + 1];
            endpoint.Trace("alert received", description, level);
            bool ends = level != Alert.LevelWarning || description == Alert.CloseNotify;
            if (!authentic)
            {
                endpoint.Drop(DropReason.Alert, header.Type);
                if (association.Handshake != null && ends)
                {
                    association.Handshake.Patience.RememberAlert(description);
                }
            }
            else if (description == Alert.CloseNotify)
            {
                OnCloseNotify(endpoint, association);
            }
            else if (ends)
            {
                association.FailWithAlert(description);
            }
            else if (description != Alert.NoRenegotiation)
            {
                endpoint.Statistics.WarningAlerts++;
            }
            else
            {
                for (int i = 0; i < endpoint.Features.Length; i++)
                {
                    endpoint.Features[i].OnNoRenegotiation(association);
                }
            }
        }

        private static void OnCloseNotify(AssociationHost endpoint, Association association)
        {
            association.AlertReceived = Alert.CloseNotify;
            if (association.State != AssociationState.Closing)
            {
                endpoint.Sender.SendAlert(association, Alert.LevelWarning, Alert.CloseNotify);
            }

            association.End(DtlsError.SessionClosed);
        }
    }
}
